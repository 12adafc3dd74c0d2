/** The face of the exchange. */
export { sendParcel, type ParcelToSend } from './actions.ts';
export { contract } from './contract.ts';
export { ferryUntilQuiet, movedNothing, runCourierOnce, startCourier, type CourierOptions, type CourierRound } from './courier.ts';
export { refusals } from './errors.ts';
export { jobs, watchExchange } from './jobs.ts';
export { parcelHandler, type ParcelHandler, type ParcelHandlers, type ReceivedParcel } from './parcels.ts';
export type { Attachment } from './envelope.ts';
export { attachmentsInUse, exchangeTrouble, getCounters, listQuarantine } from './queries.ts';
export { routes } from './routes.ts';
export { directionFrom, troubleSecondsMax, type Direction } from './rules.ts';
