/**
 * What the workstation and the reader bridge say to each other. The bridge is a small program on the officer's own
 * computer; it knows the drivers of card reader, page scanner and camera, and speaks JSON over HTTP on the loopback
 * address alone. It answers pages of the origins it was told, and does work only for one it was paired with: the officer
 * copies a code from the bridge's own window once, and the page keeps the token it is given in exchange.
 *
 * Every request carries `Origin` (set by the browser) and, after pairing, `Authorization: Bearer <token>`. A success is
 * 200 with the shapes below; everything else is `{ fault: BridgeFault }` under the status of `faultStatus`.
 */

/** Rises when a bridge of the old kind would be misunderstood. */
export const bridgeProtocol = 1;

export const bridgePaths = {
  /** GET: who is there; needs no token. */
  state: '/v1/state',
  /** POST `PairingOrder` → `Pairing`. */
  pair: '/v1/pair',
  /** POST `{}` → `CardReading`: the card that lies on the reader now. */
  card: '/v1/card',
  /** POST `{}` → `PageReading`: one page, straightened and cut, with what was read on it. */
  page: '/v1/page',
  /** POST `{}` → `Picture`: what the camera sees. */
  picture: '/v1/picture',
} as const;
export type BridgePath = keyof typeof bridgePaths;

/** Bridges refuse larger requests; none of ours comes near. */
export const requestBytesMax = 10_000;
/** A picture of a page at 300 dpi, as JPEG in base64. */
export const answerBytesMax = 12_000_000;

export interface DeviceState {
  kind: 'card_reader' | 'page_scanner' | 'camera';
  name: string;
  is_ready: boolean;
}

export interface BridgeState {
  protocol: number;
  name: string;
  is_paired: boolean;
  /** Empty until paired: what stands on a desk is nobody else's business. */
  devices: DeviceState[];
  /** Of the simulator alone: the pairing code, which a real bridge shows in its own window only. */
  demo_code: string | null;
}

export interface PairingOrder {
  code: string;
}
export interface Pairing {
  token: string;
}

interface OnCard {
  name: string;
  sex: '1' | '2';
  birth_on: string;
  valid_from: string;
  /** Last day; null: without end 长期. */
  valid_until: string | null;
}

/** 居民身份证, as the chip holds it (GA 448). */
export interface ResidentCard extends OnCard {
  kind: 'resident';
  id_number: string;
  /** Code of GB/T 3304. */
  ethnicity: string;
  address: string;
  issued_by: string;
}
/** 外国人永久居留身份证. Its holder has no entry in the register. */
export interface ForeignCard extends OnCard {
  kind: 'foreign_permanent';
  card_number: string;
  name_zh: string | null;
  nationality: string;
}
/** 港澳台居民居住证. It bears a number of 18 digits, and its holder has no entry in the register either. */
export interface HongKongMacaoTaiwanCard extends OnCard {
  kind: 'hong_kong_macao_taiwan';
  id_number: string;
  pass_number: string;
  address: string;
}
export type Card = ResidentCard | ForeignCard | HongKongMacaoTaiwanCard;

interface Read {
  /** Name of the device, for the officer's eye. */
  device: string;
  /** Instant, ISO 8601. */
  read_at: string;
}
export interface CardReading extends Read {
  card: Card;
}
export interface Picture extends Read {
  media_type: 'image/jpeg';
  /** Base64. */
  data: string;
  width: number;
  height: number;
}
export interface PageReading extends Picture {
  /** What the bridge made out on a page of the household register 居民户口簿; null for any other paper. */
  booklet: BookletPage | null;
  /** What it made out on a medical certificate of birth 出生医学证明; null for any other paper. */
  birth_certificate: BirthCertificate | null;
}
/** A member's page of the booklet. Characters may be misread: the page shows them as read, never as known. */
export interface BookletPage {
  household_no: string;
  name: string;
  relation: string;
  sex: '1' | '2';
  birth_on: string;
  id_number: string;
}

/** A medical certificate of birth: the number from its bar code, the rest as read on the paper. */
export interface BirthCertificate {
  number: string;
  child_name: string;
  sex: '1' | '2';
  birth_on: string;
  /** HH:mm */
  birth_time: string | null;
  mother: { name: string; id_number: string };
  father: { name: string; id_number: string } | null;
}

export type BridgeFault =
  | 'origin_refused' | 'not_paired' | 'code_wrong' | 'pairing_closed' | 'unknown_path' | 'bad_request'
  | 'no_device' | 'busy' | 'no_card' | 'not_an_identity_card' | 'unreadable' | 'no_page';

export const faultStatus: Record<BridgeFault, number> = {
  origin_refused: 403, not_paired: 401, code_wrong: 403, pairing_closed: 429, unknown_path: 404, bad_request: 400,
  no_device: 503, busy: 409, no_card: 404, not_an_identity_card: 422, unreadable: 422, no_page: 404,
};
