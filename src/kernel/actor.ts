/** Who acts. The kernel knows rights only as names; what they mean lies in the modules and in catalogue/roles. */
export interface OfficerActor {
  kind: 'officer';
  officer_id: string;
  /** Auxiliary staff may fill in and scan, never decide (2021 work rules, article 7). */
  officer_kind: 'police' | 'auxiliary';
  name: string;
  police_number: string;
  post_id: string;
  role: string;
  /** 代: the name of the colleague on leave whose post this is; null in a post of one's own. */
  acting_for: string | null;
  org_code: string;
  org_level: 'STATION' | 'COUNTY' | 'PREFECTURE' | 'PROVINCE';
  /** Jurisdiction as a half-open range of organisation codes. */
  org_from: string;
  org_to: string;
  permissions: ReadonlySet<string>;
  /** For each permission the service codes it covers: `*`, a beginning such as `05*`, or one code. */
  services: ReadonlyMap<string, readonly string[]>;
  session_id: string;
}

export interface CitizenActor {
  kind: 'citizen';
  citizen_id: string;
  name: string;
  /** 1 phone, 2 real name, 3 real name and live portrait, 4 certificate or chip. */
  identity_level: number;
  session_id: string;
}

/** A job, a parcel or a command: named, never a person. */
export interface SystemActor {
  kind: 'system';
  name: string;
}

export interface AnonymousActor {
  kind: 'anonymous';
}

/** The service codes that a right of the officer covers, as patterns of SQL `like`. */
export function servicesLike(actor: OfficerActor, permission: string): string[] {
  return (actor.services.get(permission) ?? []).map((pattern) => pattern.replace('*', '%'));
}

/** Whether a right of the officer counts for this service. */
export function coversService(actor: OfficerActor, permission: string, service_code: string): boolean {
  return (actor.services.get(permission) ?? []).some((pattern) => (pattern.endsWith('*') ? service_code.startsWith(pattern.slice(0, -1)) : pattern === service_code));
}

export type Actor = OfficerActor | CitizenActor | SystemActor | AnonymousActor;

export const anonymous: AnonymousActor = { kind: 'anonymous' };

export function actorId(actor: Actor): string | null {
  switch (actor.kind) {
    case 'officer': return actor.officer_id;
    case 'citizen': return actor.citizen_id;
    case 'system': return actor.name;
    case 'anonymous': return null;
  }
}
