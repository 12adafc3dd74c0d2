/** Names of offices and lines of addresses for the codes in an answer. */
import type { Context } from '../../kernel/context.ts';
import type { Text } from '../../kernel/refusal.ts';
import { findAddresses, findOrganisations } from '../reference/index.ts';

export interface Places {
  /** An office without a name shows its code. */
  station(org_code: string): Text;
  address(address_id: string | null): string;
}

/** Looks all of them up at once. */
export async function placesOf(context: Context, org_codes: readonly (string | null)[], address_ids: readonly (string | null)[]): Promise<Places> {
  const codes = org_codes.filter((code) => code !== null);
  const ids = address_ids.filter((id) => id !== null);
  const [offices, addresses] = await Promise.all([
    codes.length === 0 ? undefined : findOrganisations(context, codes), ids.length === 0 ? undefined : findAddresses(context, ids),
  ]);
  return {
    station(org_code) {
      const office = offices?.get(org_code);
      return { zh: office?.name ?? org_code, en: office?.name_en ?? org_code };
    },
    address: (address_id) => (address_id === null ? '' : (addresses?.get(address_id)?.line ?? '')),
  };
}
