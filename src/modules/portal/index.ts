/** The face of the portal. Nobody builds on it: programs mount it. */
export { contract } from './contract.ts';
export { refusals } from './errors.ts';
export { parcelHandlers } from './parcels.ts';
export { routes } from './routes.ts';
export { makeSmsSecret, smsPath, type SmsMessage, type SmsState } from './sms-gateway.ts';
export { subscriptions } from './subscriptions.ts';
import { clearPictures } from './clearing.ts';
import { sendMessages } from './messages.ts';
import { forgetOld } from './retention.ts';

export const jobs = [sendMessages, forgetOld, clearPictures];
