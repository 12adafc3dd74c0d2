/**
 * The yardstick: the least SQL that a completed one-stop move of one person can be, in the five transactions of
 * the real flow (apply, accept, review, approve with effect, deliver), driven raw with named statements on
 * minimal tables in the same database. No rules, no row security, no history, no sign-in.
 */
import pg from 'pg';

const schema = `
  drop schema if exists yardstick cascade;
  create schema yardstick;
  create table yardstick.person (person_id bigint primary key, household_id bigint not null, station integer not null, county integer not null, relation smallint not null, version integer not null, valid_from timestamptz not null, name text not null, id_number text not null unique);
  create index on yardstick.person (household_id);
  create table yardstick.household (household_id bigint primary key, station integer not null);
  create table yardstick.residence (residence_id bigint generated always as identity primary key, person_id bigint not null, household_id bigint not null, station integer not null, valid_from timestamptz not null, valid_to timestamptz, in_event bigint, out_event bigint);
  create index on yardstick.residence (person_id) where valid_to is null;
  create table yardstick.move_case (case_id bigint generated always as identity primary key, person_id bigint not null, station integer not null, status smallint not null, form jsonb not null, closed_at timestamptz);
  create table yardstick.case_step (case_id bigint not null, no smallint not null, action smallint not null, actor integer not null, note text, at timestamptz not null default now(), primary key (case_id, no));
  create table yardstick.event (event_id bigint generated always as identity primary key, person_id bigint not null, case_id bigint not null, kind smallint not null, data jsonb not null, at timestamptz not null default now());
  create table yardstick.outbox (message_id bigint generated always as identity primary key, topic text not null, key bigint not null, body jsonb not null, delivered_at timestamptz);
  create index on yardstick.outbox (key) where delivered_at is null;
  create table yardstick.audit (audit_id bigint generated always as identity primary key, actor integer not null, action text not null, object bigint not null, detail jsonb not null, at timestamptz not null default now());`;

export async function prepareYardstick(owner: pg.Pool, people: number): Promise<void> {
  await owner.query(schema);
  await owner.query(`insert into yardstick.household select h, 530102500 + h % 40 from generate_series(1, $1::int) h`, [Math.ceil(people / 3)]);
  await owner.query(
    `insert into yardstick.person select p, 1 + p / 3, 530102500 + (1 + p / 3) % 40, 530102, 1, 1, now(), '姓名' || p, lpad(p::text, 18, '0') from generate_series(1, $1::int) p`, [people]);
  await owner.query('insert into yardstick.residence (person_id, household_id, station, valid_from) select person_id, household_id, station, now() from yardstick.person');
  await owner.query('vacuum analyze yardstick.person, yardstick.household, yardstick.residence');
}

/** @returns completed moves a second */
export async function runYardstick(url: string, clients: number, seconds: number, people: number): Promise<number> {
  const households = Math.ceil(people / 3);
  const until = performance.now() + seconds * 1000;
  let completed = 0;
  let next = 0;
  await Promise.all(Array.from({ length: clients }, async (_, worker) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const run = (name: string, text: string, values: unknown[]) => client.query({ name, text, values });
    const audit = (action: string, object: unknown) => run('audit', 'insert into yardstick.audit (actor, action, object, detail) values ($1, $2, $3, $4)', [worker, action, object, '{}']);
    while (performance.now() < until) {
      // Each client has people of its own, so nobody is moved by two at once.
      const person = 1 + ((next++ * clients + worker) % people);
      const to = 1 + ((person * 7919) % households);
      await client.query('begin');
      const { rows: [from] } = await run('station', 'select station from yardstick.person where person_id = $1', [person]);
      const { rows: [target] } = await run('target', 'select station from yardstick.household where household_id = $1', [to]);
      const { rows: [made] } = await run('apply', 'insert into yardstick.move_case (person_id, station, status, form) values ($1, $2, 1, $3) returning case_id', [person, target.station, JSON.stringify({ from: from.station, to: target.station, reason: '投靠' })]);
      const id = made.case_id;
      await audit('apply', id);
      await client.query('commit');

      for (const [status, no, action] of [[2, 1, 'accept'], [3, 2, 'review']] as const) {
        await client.query('begin');
        await run('status', 'update yardstick.move_case set status = $2 where case_id = $1 and status = $2 - 1', [id, status]);
        await run('step', 'insert into yardstick.case_step (case_id, no, action, actor, note) values ($1, $2, $3, $4, $5)', [id, no, no, worker, '同意']);
        await audit(action, id);
        await client.query('commit');
      }

      await client.query('begin');
      const { rows: [old] } = await run('lock', 'select household_id, station from yardstick.person where person_id = $1 for update', [person]);
      await run('close', 'update yardstick.move_case set status = 9, closed_at = now() where case_id = $1 and status = 3', [id]);
      await run('steps', `insert into yardstick.case_step (case_id, no, action, actor, note) values ($1, 3, 2, $2, '同意'), ($1, 4, 3, $2, '办结')`, [id, worker]);
      const { rows: [event] } = await run('event', 'insert into yardstick.event (person_id, case_id, kind, data) values ($1, $2, 31, $3) returning event_id', [person, id, JSON.stringify({ from: old.household_id, to })]);
      await run('end', 'update yardstick.residence set valid_to = now(), out_event = $2 where person_id = $1 and valid_to is null', [person, event.event_id]);
      await run('begin-residence', 'insert into yardstick.residence (person_id, household_id, station, valid_from, in_event) values ($1, $2, $3, now(), $4)', [person, to, target.station, event.event_id]);
      await run('move', 'update yardstick.person set household_id = $2, station = $3, county = $3 / 1000, relation = 99, version = version + 1, valid_from = now() where person_id = $1', [person, to, target.station]);
      await run('tell', `insert into yardstick.outbox (topic, key, body) values ('sms', $1, '{"t":"done"}'), ('station.out', $1, '{}'), ('station.in', $1, '{}')`, [id]);
      await audit('effect', person);
      await client.query('commit');

      await client.query('begin');
      await run('waiting', 'select message_id from yardstick.outbox where key = $1 and delivered_at is null for update skip locked', [id]);
      await run('deliver', 'update yardstick.outbox set delivered_at = now() where key = $1 and delivered_at is null', [id]);
      await audit('deliver', id);
      await client.query('commit');
      completed++;
    }
    await client.end();
  }));
  return completed / seconds;
}
