/** The limits and delays of the exchange, each with its reason. Pure; instants in, instants out. */
import type { Network } from '../../kernel/config.ts';

export type Direction = 'internet-to-police' | 'police-to-internet';
export type Lane = 'outgoing' | 'incoming';

export const otherNetwork = (network: Network): Network => (network === 'police' ? 'internet' : 'police');
export const directionFrom = (network: Network): Direction => (network === 'police' ? 'police-to-internet' : 'internet-to-police');
export const directionOf = (network: Network, lane: Lane): Direction => directionFrom(lane === 'outgoing' ? network : otherNetwork(network));

/** How long one round of a courier goes on taking in and handling. */
export const roundMilliseconds = 5000;
/** Files that are read, verified and committed together. */
export const receiveBatch = 200;
/** Parcels that are numbered and written together. */
export const writeBatch = 200;
export const receiptBatch = 500;
export const requestBatch = 500;
/** How far ahead of the last number a parcel may be before it has to wait in the directory. */
export const sequenceWindow = 100_000;
export const bodyBytesMax = 1_048_576;
/** A sealed body in base64 and its envelope. */
export const parcelFileBytesMax = 2 * bodyBytesMax;
export const attachmentsMax = 50;
/** One sealed attachment; larger than any upload the platform accepts. */
export const attachmentFileBytesMax = 64 * 1_048_576;
/** Refused files kept for a person to look at; beyond it they are counted and removed, so that nobody can fill the disk. */
export const refusedFilesMax = 1000;

/** Clocks of two networks may differ by ten minutes; what is dated later than this was not written by the other side's courier. */
export const futureSecondsMax = 15 * 60;
/** A ferry may bring a later file first; only after this is a number missed. */
export const gapSeconds = 5;
/** A person may give a number up only after the other side has had time to send it again. */
export const skipSecondsMin = 10 * 60;
/** Attempts before a parcel is put into quarantine. */
export const attemptsMax = 3;
/** The oldest parcel without receipt may be so old before an alarm; with a watch every 15 s it rings within a minute. */
export const stallSeconds = 45;
export const courierSilentSeconds = 30;
/** Without a receipt for four hours the portal takes no new submissions; nobody would know that they arrive. */
export const troubleSecondsMax = 4 * 3600;
/** When nothing else travels, a sign of life shows that the way is open. */
export const heartbeatSeconds = 5 * 60;
export const keyDaysMax = 365;
export const keyWarningDays = 30;
/** Bodies are forgotten so long after the receipt; until then they can be sent again. */
export const bodyDays = 7;
/** Receipts and requests of the exchange itself are kept so long. */
export const housekeepingDays = 30;
/** A sealed attachment without its parcel is rubbish after this. */
export const orphanHours = 24;

const doubling = (first: number, times: number, most: number): number => Math.min(most, first * 2 ** Math.min(times, 30));
const later = (now: Date, seconds: number): Date => new Date(now.getTime() + seconds * 1000);

/** When a parcel whose handling failed is tried again; `attempts` failures so far. */
export const nextAttemptAt = (now: Date, attempts: number): Date => later(now, doubling(1, 2 * (attempts - 1), 60));
/** When an unreceipted parcel is written again if its file has left the directory; `copy` copies so far. */
export const rewriteAt = (now: Date, copy: number): Date => later(now, doubling(60, copy - 1, 3600));
/** When a missing number is asked for again; `count` requests so far. */
export const requestAgainAt = (now: Date, count: number): Date => later(now, doubling(30, count - 1, 600));
export const secondsBetween = (from: Date | null, to: Date): number => (from === null ? 0 : Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000)));
export const secondsBefore = (now: Date, seconds: number): Date => later(now, -seconds);
