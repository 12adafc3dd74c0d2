import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { migrate } from '../../src/kernel/migrations.ts';
import { startRefusals } from '../../src/kernel/start-refusals.ts';
import type { Refusal } from '../../src/kernel/refusal.ts';
import { prepareDatabase, refuseOneDatabaseForBoth } from '../../src/programs/demo/network-databases.ts';
import { settleNumbers } from '../../src/programs/demo/numbers.ts';
import { parseOptions } from '../../src/programs/demo/options.ts';
import { refuseTakenPorts, type WantedPort } from '../../src/programs/demo/ports.ts';
import { buildWeb } from '../../src/programs/demo/web-build.ts';

let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'huzheng-before-start-')); });
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function refusalOf(act: () => unknown): Promise<Refusal> {
  try {
    await act();
  } catch (error) {
    return error as Refusal;
  }
  return expect.unreachable('it was not refused');
}

describe('options of npm start', () => {
  test('say where the data lie and on which ports the pages are', () => {
    expect(parseOptions(['--data', 'elsewhere', '--portal-port=9090', '--people', '3000'], '/project', {}))
      .toMatchObject({ data_directory: join(process.cwd(), 'elsewhere'), portal_port: 9090, people: 3000, seed: undefined, build: true });
    expect(parseOptions([], '/project', {}).data_directory).toBe('/project/.huzheng');
  });

  test.each([
    [['--pepole', '5'], 'start.option_unknown', '--pepole'],
    [['start'], 'start.option_unknown', 'start'],
    [['--people', 'many'], 'start.option_invalid', 'many'],
    [['--people', '1999'], 'start.option_invalid', '2000'],
    [['--portal-port', '70000'], 'start.option_invalid', '65535'],
  ])('%j is refused by name', async (words, code, named) => {
    const refusal = await refusalOf(() => parseOptions(words, '/project', {}));
    expect(refusal.code).toBe(code);
    expect(refusal.text.zh).toContain(named);
    expect(refusal.text.en).toContain(named);
  });

  test('that ask for other people than the data hold are refused, unless the data are to be kept', async () => {
    const first = parseOptions(['--data', directory, '--people', '3000'], '/project', {});
    expect(settleNumbers(first)).toMatchObject({ people: 3000 });
    expect(settleNumbers(parseOptions(['--data', directory], '/project', {}))).toMatchObject({ people: 3000 });

    const other = parseOptions(['--data', directory, '--people', '5000'], '/project', {});
    expect((await refusalOf(() => settleNumbers(other))).text.en).toContain('--people 3000');
    expect(settleNumbers({ ...other, keep: true })).toMatchObject({ people: 3000 });
  });
});

describe('a port', () => {
  let holder: Server;
  beforeEach(async () => {
    holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
  });
  afterEach(() => { holder.close(); });

  function want(port: number, option = '--portal-port'): WantedPort {
    return { port, option, what: { zh: '群众门户', en: 'portal' } };
  }

  test('that another program holds is refused with its number, its holder and the option that changes it', async () => {
    const { port } = holder.address() as AddressInfo;
    const { code, text } = await refusalOf(() => refuseTakenPorts([want(port)]));
    expect(code).toBe('start.port_in_use');
    expect(text.zh).toContain(`端口 ${port}(群众门户)`);
    expect(text.en).toContain(`pid ${process.pid}`);
    expect(text.en).toContain('--portal-port ');
  });

  test('that two of our own programs would share is refused', async () => {
    const { text } = await refusalOf(() => refuseTakenPorts([want(18_931), want(18_931, '--office-port')]));
    expect(text.en).toContain('--portal-port');
  });

  test('that is free is left free', async () => {
    const { port } = holder.address() as AddressInfo;
    holder.close();
    await once(holder, 'close');
    await refuseTakenPorts([want(port)]);
    await refuseTakenPorts([want(port)]);
  });
});

describe('the database of a network', () => {
  let admin: pg.Client;
  const name = `huzheng_${process.pid}_start`;
  beforeAll(async () => {
    admin = new pg.Client({ connectionString: inject('cluster_url') });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.query(`drop database if exists ${name}`);
    await admin.query(`drop database if exists ${name}_c`);
    await admin.end();
  });

  function urlOf(change: (address: URL) => void): string {
    const address = new URL(inject('cluster_url'));
    change(address);
    return address.href;
  }

  test('is made where it is missing, and found the next time', async () => {
    const url = urlOf((address) => { address.pathname = `/${name}`; });
    expect(await prepareDatabase(url, 'police')).toBe(true);
    expect(await prepareDatabase(url, 'police')).toBe(false);
    const { rows } = await admin.query('select pg_encoding_to_char(encoding) as encoding, datlocale from pg_database where datname = $1', [name]);
    expect(rows).toEqual([{ encoding: 'UTF8', datlocale: 'C.UTF-8' }]);
  });

  test('in which Chinese text could not be found is refused', async () => {
    await admin.query(`create database ${name}_c template template0 encoding 'UTF8' locale_provider libc locale 'C'`);
    const { code, text } = await refusalOf(() => prepareDatabase(urlOf((address) => { address.pathname = `/${name}_c`; }), 'internet'));
    expect(code).toBe('start.server_not_utf8');
    expect(text.zh).toContain('DATABASE_URL_INTERNET');
  });

  test('on a server that does not answer is refused with its address and without its password', async () => {
    const { code, text } = await refusalOf(() => prepareDatabase('postgresql://huzheng:secret@127.0.0.1:1/huzheng', 'police'));
    expect(code).toBe('start.server_unreachable');
    expect(text.en).toContain('DATABASE_URL_POLICE (127.0.0.1:1/huzheng)');
    expect(text.zh + text.en).not.toContain('secret');
  });

  test('on a server that does not know the account is refused as a matter of sign-in', async () => {
    const { code } = await refusalOf(() => prepareDatabase(urlOf((address) => { address.username = 'nobody_known'; }), 'police'));
    expect(code).toBe('start.server_refuses_sign_in');
  });

  test('to which a migration was applied that has been edited since is refused with the file and the way out, and stays as it was', async () => {
    const url = urlOf((address) => { address.pathname = `/${name}`; });
    writeFileSync(join(directory, '0001_first.sql'), '-- network: both\ncreate table first (number integer);\n');
    expect(await migrate(url, 'police', directory)).toEqual(['0001_first']);
    writeFileSync(join(directory, '0001_first.sql'), '-- network: both\ncreate table first (number bigint);\n');
    writeFileSync(join(directory, '0002_second.sql'), '-- network: both\ncreate table second (number integer);\n');
    const { code, text } = await refusalOf(() => migrate(url, 'police', directory));
    expect(code).toBe('start.migration_edited');
    for (const sentence of [text.zh, text.en]) expect(sentence).toContain('migrations/0001_first.sql');
    expect(text.zh).toContain('公安网');
    // Put back, it goes on where it stood: nothing of the later file was done.
    writeFileSync(join(directory, '0001_first.sql'), '-- network: both\ncreate table first (number integer);\n');
    expect(await migrate(url, 'police', directory)).toEqual(['0002_second']);
  });

  test('is never that of the other network', async () => {
    const url = 'postgresql://a:b@db.example:5432/huzheng';
    const { code } = await refusalOf(() => refuseOneDatabaseForBoth({ police: url, internet: 'postgresql://c:d@db.example/huzheng' }));
    expect(code).toBe('start.networks_share_database');
    refuseOneDatabaseForBoth({ police: url, internet: `${url}_internet` });
  });
});

test('web pages that cannot be built are refused with the words of the builder', async () => {
  mkdirSync(join(directory, 'scripts'));
  writeFileSync(join(directory, 'scripts/build-web.mjs'), `console.error('page.ts: unexpected end'); process.exit(1);`);
  const refusal = await refusalOf(() => buildWeb(directory, new AbortController().signal));
  expect(refusal.code).toBe('start.web_build_failed');
  expect(refusal.text.zh).toContain('page.ts: unexpected end');
});

test('every refusal to start is explained in the operators’ pages of both languages', () => {
  for (const page of ['start-and-stop.md', 'start-and-stop.zh-CN.md']) {
    const text = readFileSync(join(import.meta.dirname, '../../docs/operations', page), 'utf8');
    const explained = [...text.matchAll(/^#+ .*`(start\.\w+)`/gm)].map(([, code]) => code);
    expect(explained.toSorted(), page).toEqual(Object.keys(startRefusals).toSorted());
  }
});

test.runIf(process.platform === 'linux' && process.arch === 'x64')('the packaged Node runs with the libatomic that comes with the project', () => {
  const libraries = join(import.meta.dirname, '../../scripts/libatomic/linux-x64');
  // Threads that contend for one word, and WebAssembly: where Node exchanges what it compares.
  const work = `
    const { Worker, isMainThread, workerData } = require('node:worker_threads');
    if (!isMainThread) { for (let i = 0; i < 20000; i++) Atomics.add(new Int32Array(workerData), 0, 1); return; }
    const shared = new SharedArrayBuffer(4);
    const workers = [1, 2].map(() => new Worker(__filename, { workerData: shared }));
    WebAssembly.instantiate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => Promise.all(workers.map((worker) => new Promise((done) => worker.on('exit', done))))).then(() => {
      const { sharedObjects } = process.report.getReport();
      console.log(new Int32Array(shared)[0], sharedObjects.find((file) => file.includes('libatomic')));
    });`;
  writeFileSync(join(directory, 'work.cjs'), work);
  const { stdout, stderr } = spawnSync(join(import.meta.dirname, '../../node_modules/.bin/node'), [join(directory, 'work.cjs')], { encoding: 'utf8', env: { ...process.env, LD_LIBRARY_PATH: libraries } });
  expect(stderr).toBe('');
  expect(stdout.trim()).toBe(`40000 ${join(libraries, 'libatomic.so.1')}`);
});
