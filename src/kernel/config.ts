/** Configuration from the environment. The same code runs embedded or on servers of one's own by these names alone. */
import { join, resolve } from 'node:path';

/** The two networks share nothing but parcels (the police network holds the register). */
export type Network = 'police' | 'internet';

export interface Config {
  demo: boolean;
  data_directory: string;
  database_urls: Record<Network, string | undefined>;
  blob_directories: Record<Network, string>;
  /** What a gatekeeper ferries: one sub-directory per direction. */
  spool_directory: string;
  key_directory: string;
  portal_port: number;
  office_port: number;
  identity_port: number;
  sms_port: number;
  /** Where the simulators of other systems of the police network listen. */
  agencies_port: number;
  migration_network_port: number;
  card_production_port: number;
  /** Where the simulated reader bridge of an officer's desk listens, on the loopback address. */
  reader_port: number;
  /** Address under which citizens reach the portal; used for redirects of the identity service. */
  portal_origin: string;
  office_origin: string;
  identity_issuer: string;
  /** How the portal names itself to the identity service. */
  identity_client_id: string;
  identity_client_secret: string;
  sms_gateway_url: string;
  /** The provincial data-sharing gateway, the national migration network, the identity-card production. */
  agencies_gateway_url: string;
  migration_network_url: string;
  card_production_url: string;
  /** The bridge to card reader and camera that runs on each officer's own computer; null: none are installed. */
  reader_bridge_url: string | null;
  bureau: string;
  /** Multiplies the requests allowed a minute; 0 switches the limiter off (measurements only). */
  rate_factor: number;
  /** Connections each process may hold; 8 to 16 serve two cores. */
  pool_connections_max: number;
}

function portOf(env: NodeJS.ProcessEnv, name: string, fallback: number): number {
  const raw = env[name];
  if (raw === undefined || raw === '') return fallback;
  const port = Number(raw);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`${name} 应为 1–65535 的端口号,现为 "${raw}" · ${name} must be a port number from 1 to 65535, not "${raw}"`);
  }
  return port;
}

/**
 * Reads the configuration.
 * @param env environment variables; see docs/operations for each name
 * @throws Error naming the variable and the lawful values
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const data = resolve(env['HUZHENG_DATA'] ?? '.huzheng');
  const portalPort = portOf(env, 'HUZHENG_PORTAL_PORT', 8080);
  const officePort = portOf(env, 'HUZHENG_OFFICE_PORT', 8081);
  const identityPort = portOf(env, 'HUZHENG_IDENTITY_PORT', 8082);
  const smsPort = portOf(env, 'HUZHENG_SMS_PORT', 8083);
  const agenciesPort = portOf(env, 'HUZHENG_AGENCIES_PORT', 8084);
  const migrationNetworkPort = portOf(env, 'HUZHENG_MIGRATION_NETWORK_PORT', 8085);
  const cardProductionPort = portOf(env, 'HUZHENG_CARD_PRODUCTION_PORT', 8086);
  const readerPort = portOf(env, 'HUZHENG_READER_PORT', 8087);
  const demo = env['HUZHENG_DEMO'] === '1';
  return {
    demo,
    data_directory: data,
    database_urls: { police: env['DATABASE_URL_POLICE'], internet: env['DATABASE_URL_INTERNET'] },
    blob_directories: {
      police: env['HUZHENG_BLOBS_POLICE'] ?? join(data, 'blobs-police'),
      internet: env['HUZHENG_BLOBS_INTERNET'] ?? join(data, 'blobs-internet'),
    },
    spool_directory: env['HUZHENG_SPOOL'] ?? join(data, 'spool'),
    key_directory: env['HUZHENG_KEYS'] ?? join(data, 'keys'),
    portal_port: portalPort,
    office_port: officePort,
    identity_port: identityPort,
    sms_port: smsPort,
    agencies_port: agenciesPort,
    migration_network_port: migrationNetworkPort,
    card_production_port: cardProductionPort,
    reader_port: readerPort,
    portal_origin: env['HUZHENG_PORTAL_ORIGIN'] ?? `http://localhost:${portalPort}`,
    office_origin: env['HUZHENG_OFFICE_ORIGIN'] ?? `http://localhost:${officePort}`,
    identity_issuer: env['HUZHENG_IDENTITY_ISSUER'] ?? `http://localhost:${identityPort}`,
    identity_client_id: env['HUZHENG_IDENTITY_CLIENT_ID'] ?? 'huzheng-portal',
    // Known to the simulator alone; a real service gives out its own.
    identity_client_secret: env['HUZHENG_IDENTITY_CLIENT_SECRET'] ?? 'simulator',
    sms_gateway_url: env['HUZHENG_SMS_GATEWAY_URL'] ?? `http://localhost:${smsPort}`,
    agencies_gateway_url: env['HUZHENG_AGENCIES_GATEWAY_URL'] ?? `http://localhost:${agenciesPort}`,
    migration_network_url: env['HUZHENG_MIGRATION_NETWORK_URL'] ?? `http://localhost:${migrationNetworkPort}`,
    card_production_url: env['HUZHENG_CARD_PRODUCTION_URL'] ?? `http://localhost:${cardProductionPort}`,
    reader_bridge_url: env['HUZHENG_READER_BRIDGE_URL'] || (demo ? `http://127.0.0.1:${readerPort}` : null),
    bureau: env['HUZHENG_BUREAU'] ?? 'yunnan',
    rate_factor: Number(env['HUZHENG_RATE_FACTOR'] ?? 1),
    pool_connections_max: Number(env['HUZHENG_POOL_CONNECTIONS'] ?? 12),
  };
}

/** The database address of one network. @throws Error naming the missing variable */
export function databaseUrl(config: Config, network: Network): string {
  const url = config.database_urls[network];
  if (!url) throw new Error(`缺少 DATABASE_URL_${network.toUpperCase()} · DATABASE_URL_${network.toUpperCase()} is not set`);
  return url;
}
