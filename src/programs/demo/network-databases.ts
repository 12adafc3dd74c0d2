/** The database of each network is there, reachable, new enough and speaks UTF-8, whoever runs its server. */
import pg from 'pg';
import type { Network } from '../../kernel/config.ts';
import { cannotStart } from '../../kernel/start-refusals.ts';

export const networks: readonly Network[] = ['police', 'internet'];

/** The environment variable that points a network at a server of one's own. */
export const settingOf: Record<Network, string> = { police: 'DATABASE_URL_POLICE', internet: 'DATABASE_URL_INTERNET' };

/** @throws Refusal start.networks_share_database */
export function refuseOneDatabaseForBoth(urls: Record<Network, string>): void {
  const police = addressOf(urls.police);
  if (police === addressOf(urls.internet)) throw cannotStart('networks_share_database', { address: police });
}

/**
 * Makes the database where it is missing and refuses one the platform cannot live in.
 * @returns whether it was made now
 * @throws Refusal start.server_unreachable, start.server_refuses_sign_in, start.server_too_old, start.server_not_utf8, start.database_cannot_be_made
 */
export async function prepareDatabase(url: string, network: Network): Promise<boolean> {
  const setting = settingOf[network];
  const found = await findClient(url, setting);
  if (found === undefined) await makeDatabase(url, setting);
  const client = found ?? (await getClient(url, setting));
  try {
    await refuseUnfitDatabase(client, setting);
  } finally {
    await client.end();
  }
  return found === undefined;
}

async function refuseUnfitDatabase(client: pg.Client, setting: string): Promise<void> {
  const { rows: [found] } = await client.query<{ version: string; number: number; encoding: string; locale: string }>(`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      pg_encoding_to_char(encoding) as encoding, datctype as locale
    from pg_database where datname = current_database()`);
  const { version, number, encoding, locale } = found!;
  if (number < 150000) throw cannotStart('server_too_old', { setting, found: version });
  // Word rules of the C locale know no Chinese: trigram search would silently find nothing.
  if (encoding !== 'UTF8' || ['C', 'POSIX'].includes(locale)) throw cannotStart('server_not_utf8', { setting, found: `${encoding}, ${locale}` });
}

async function makeDatabase(url: string, setting: string): Promise<void> {
  const { database, user } = new pg.Client({ connectionString: url });
  const client = await getClient(urlOfDatabase(url, 'postgres'), setting);
  try {
    const { rows } = await client.query<{ number: number }>(`select current_setting('server_version_num')::int as number`);
    const provider = rows[0]!.number >= 170000 ? `locale_provider builtin builtin_locale 'C.UTF-8'` : '';
    const make = (locale: string) => client.query(
      `create database ${pg.escapeIdentifier(database!)} template template0 encoding 'UTF8' ${provider} locale '${locale}'`);
    // Linux knows C.UTF-8, macOS only the languages' own.
    await make('C.UTF-8').catch((error: pg.DatabaseError) => (error.code === '42809' ? make('en_US.UTF-8') : Promise.reject(error)));
  } catch (error) {
    throw cannotStart('database_cannot_be_made', { setting, database, role: user, reason: (error as Error).message });
  } finally {
    await client.end();
  }
}

/** A connection, or nothing when the server answers but has no such database. */
async function findClient(url: string, setting: string): Promise<pg.Client | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // A server that goes away is noticed by the next query.
  try {
    await client.connect();
    return client;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === '3D000') return undefined;
    const refused = code?.startsWith('28') ?? false;
    throw cannotStart(refused ? 'server_refuses_sign_in' : 'server_unreachable', { setting, address: addressOf(url), reason: message || code });
  }
}

async function getClient(url: string, setting: string): Promise<pg.Client> {
  const client = await findClient(url, setting);
  if (client === undefined) throw cannotStart('server_unreachable', { setting, address: addressOf(url), reason: '3D000' });
  return client;
}

function urlOfDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Names the database without the password, which must not reach a screen or a log. */
function addressOf(url: string): string {
  const { host, port, database } = new pg.Client({ connectionString: url });
  return `${host}:${port}/${database}`;
}
