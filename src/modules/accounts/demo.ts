/** Officers of the demonstration: one documented password, codes that the sign-in page shows. Never for real data. */
import { newId, type Context, type NetworkKeys } from '../../kernel/index.ts';
import { demoSecret, sealSecret } from './codes.ts';
import { hashPassword } from './password.ts';
import { assignPost } from './posts.ts';

export const demoPassword = 'huzheng-2026';

export interface DemoOfficer {
  police_number: string;
  name: string;
  kind: 'police' | 'auxiliary';
  org_code: string;
  posts: Array<{ role: string; org_code: string; valid_from: string; valid_to?: string }>;
}

/**
 * Registers officers with {@link demoPassword} and their posts; those who are there already are left alone.
 * Runs as the system.
 * @returns officer_id by police number
 * @throws Refusal as assignPost does: a demonstration may not break the rules it shows
 */
export async function seedDemoOfficers(context: Context, keys: NetworkKeys, officers: readonly DemoOfficer[]): Promise<Map<string, string>> {
  if (context.actor.kind !== 'system') throw new Error('only the system sets up a demonstration');
  const password_hash = await hashPassword(demoPassword);
  const ids = new Map<string, string>();
  for (const { police_number, name, kind, org_code, posts } of officers) {
    const officer_id = newId();
    const [made] = await context.query<{ officer_id: string }>(
      `insert into accounts.officer (officer_id, police_number, name, kind, org_code, status, password_hash, totp_sealed, registered_at, registered_by)
       values ($1, $2, $3, $4, $5, 'active', $6, $7, $8, $9) on conflict (police_number) do nothing returning officer_id`,
      [officer_id, police_number, name, kind, org_code, password_hash, sealSecret(keys, officer_id, demoSecret(police_number)), context.now, context.actor.name]);
    if (made === undefined) {
      const [held] = await context.query<{ officer_id: string }>('select officer_id from accounts.officer where police_number = $1', [police_number]);
      ids.set(police_number, held!.officer_id);
      continue;
    }
    ids.set(police_number, officer_id);
    for (const post of posts) await assignPost(context, { officer_id, ...post });
  }
  return ids;
}
