/**
 * One valid application for each service, taken from the demo register: people nobody else uses, and what the register
 * must say when the case has gone its way. A new service file without a sample fails the walk by name.
 */
import { expect } from 'vitest';
import { adults, single, takeAddress, takeFamily, type CaseAtWork, type Family } from '../harness/case-at-work.ts';
import type { World } from '../harness/world.ts';
import { catalogue } from '../../src/modules/catalogue/index.ts';
import { idNumber } from '../harness/register.ts';
import { documentNo, unitCode } from './fill.ts';
import { answerPermit, approveOpinion, handOverCard, paperOfOthers, produceCard, type Stranger } from './outside.ts';
import { alterationsBy, enteredBy, householdOf, linksOf, membersOf, personOf, type Registered } from './register.ts';
import { dayOf, enter, walk, walkUntil, type Sample } from './walk.ts';

export type Samples = Record<string, (world: World) => Promise<Sample>>;

/** The station of most samples: two stations of Wuhua and one of Dali have people. */
export const home = '532901500000';
const county = '532901';

const pick = ({ name, id_number }: { name: string; id_number: string }) => ({ name, id_number });
const head = (family: Family) => family.members[0]!;
const named = (part: string, person: { name: string; id_number: string }) => ({ [`${part}_name`]: person.name, [`${part}_id_number`]: person.id_number });
const daysBefore = (day: string, days: number): string => new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
const kinOf = (family: Family, person_id: string, kind: string): string | undefined => family.kin.find((link) => link.person_id === person_id && link.kind === kind)?.relative_id;
const memberOf = (family: Family, person_id: string | undefined) => family.members.find((member) => member.person_id === person_id);

/** A married couple of one household, she of an age to have children. */
function couple(family: Family): { father: Family['members'][number]; mother: Family['members'][number] } | undefined {
  const mother = family.members.find((member) => member.sex === '2' && member.birth_on > '1986' && member.birth_on < '2004' && memberOf(family, kinOf(family, member.person_id, 'spouse')) !== undefined);
  return mother === undefined ? undefined : { mother, father: memberOf(family, kinOf(family, mother.person_id, 'spouse'))! };
}

const couples = (world: World) => takeFamily(world, county, (family) => couple(family) !== undefined);
const twoAdults = (world: World) => takeFamily(world, county, (family) => adults(family).length >= 2);
const unmarried = (family: Family): boolean => single(family) && kinOf(family, head(family).person_id, 'spouse') === undefined;
const someoneAlone = (world: World) => takeFamily(world, county, single);

/** Takes another service to its end, as what a sample builds on. */
async function walkThrough(world: World, service_code: string, sample: Omit<Sample, 'effect'>): Promise<CaseAtWork> {
  const whole = { ...sample, effect: async () => {} };
  const work = await enter(world, service_code, whole);
  await walk(world, work, whole);
  return work;
}

/* ---- Births ---------------------------------------------------------------------------------------------------------- */

async function birth(world: World, birth_on: string, more: Record<string, unknown> = {}): Promise<Sample> {
  const family = await couples(world);
  const { father, mother } = couple(family)!;
  const [man, woman] = await Promise.all([personOf(world, father.person_id), personOf(world, mother.person_id)]);
  const before = await membersOf(world, family.household_id);
  return {
    applicant: mother, station: family.station_code, added: ['M44'],
    answers: {
      child_name: `${father.name.slice(0, 1)}安乐`, child_sex: '2', child_birth_on: birth_on, child_birthplace_area: county, child_native_place_area: county, child_ethnicity: woman.ethnicity,
      ...named('mother', mother), ...named('father', father), parents_marriage: 'married', parents_share_ethnicity: man.ethnicity === woman.ethnicity, follow_parent: 'mother', target_relation: '39', ...more,
    },
    effect: async (_world, work) => {
      const [child] = await enteredBy(world, work.id);
      expect(child).toMatchObject({ sex: '2', birth_on, status: '0', household_id: family.household_id, ethnicity: woman.ethnicity, station_code: family.station_code });
      expect(child!.id_number).toMatch(new RegExp(`^${county}${birth_on.replaceAll('-', '')}\\d{2}[02468]`));
      expect(await linksOf(world, child!.person_id)).toEqual({ father: father.person_id, mother: mother.person_id });
      expect(Object.keys(await membersOf(world, family.household_id)).length).toBe(Object.keys(before).length + 1);
      expect(child!.relation).toMatch(/^(3\d|4\d|97)$/);
    },
  };
}

/** A newcomer who is no child of the household: settles alone in a new flat. */
async function newcomer(world: World, more: Record<string, unknown>, expected: Partial<Registered> = {}): Promise<Sample> {
  const [applicant] = [head(await someoneAlone(world))];
  const address_id = await takeAddress(world, home);
  return {
    applicant, station: home, added: ['M44', 'M69'],
    answers: { person_name: '和乐天', person_sex: '1', person_birth_on: '1990-03-04', person_birthplace_area: county, person_native_place_area: county, person_ethnicity: '01', address_id, household_choice: 'new', ...more },
    effect: async (_world, work) => {
      const [person] = await enteredBy(world, work.id);
      expect(person).toMatchObject({ name: '和乐天', status: '0', relation: '02', address_id, ...expected });
      expect(person!.id_number).toMatch(new RegExp(`^${county}19900304`));
    },
  };
}

/* ---- Deaths and cancellations ----------------------------------------------------------------------------------------- */

/** Somebody who is not head, of a household in which others stay. */
async function leaver(world: World, more: Record<string, unknown>, expected: Partial<Registered>, changes: Partial<Sample> = {}): Promise<Sample> {
  const family = await twoAdults(world);
  const subject = adults(family).find((member) => member.relation !== '02')!;
  return {
    applicant: head(family), station: family.station_code, answers: { ...named('subject', subject), whole_household: false, head_leaves: false, ...more },
    effect: async () => expect(await personOf(world, subject.person_id)).toMatchObject({ household_id: null, ...expected }),
    ...changes,
  };
}

/* ---- Alterations --------------------------------------------------------------------------------------------------------- */

async function alteration(world: World, answers: (subject: Registered) => Record<string, unknown>, expected: (before: Registered, after: Registered) => void, items: string[], changes: Partial<Sample> = {}): Promise<Sample> {
  const subject = await personOf(world, head(await someoneAlone(world)).person_id);
  return {
    applicant: subject, station: subject.station_code, added: ['M44', 'M47'], answers: { ...named('subject', subject), ...answers(subject) },
    effect: async (_world, work) => {
      expected(subject, await personOf(world, subject.person_id));
      expect(await alterationsBy(world, work.id)).toEqual([...items].sort());
    },
    ...changes,
  };
}

const otherSex = { 1: '2', 2: '1' } as const;

/** Time goes on until the notice has stood for as long as it must. */
async function afterNotice(world: World, _work: CaseAtWork, act: string): Promise<void> {
  if (act === 'execute') world.clock.advanceMinutes(catalogue().policy.notice_days * 24 * 60);
}

/* ---- Between provinces ---------------------------------------------------------------------------------------------------- */

let strangers = 0;
const stranger = (): Stranger => ({ name: `川来${'一二三四五六七八九十'[strangers++ % 10]}`, id_number: idNumber('1992-05-06', '1', '510107'), sex: '1', birth_on: '1992-05-06', relation: '02' });
const origin = { origin_area: '510107', origin_address_text: '成都市武侯区某路 1 号' };

/** Somebody of another province comes: with our permit and its certificate, or with a certificate that he brings. */
async function arrival(world: World, more: Record<string, unknown>, { brings = false, joins = true, kin }: { brings?: boolean; joins?: boolean; kin?: Record<string, unknown> } = {}): Promise<Sample> {
  const [host, comes] = [head(await someoneAlone(world)), stranger()];
  const place = await personOf(world, host.person_id);
  const address_id = joins ? place.address_id! : await takeAddress(world, home);
  const number = brings ? await paperOfOthers(world, { kind: 'migration_certificate', movers: [comes], station_code: home }) : undefined;
  return {
    applicant: comes, station: place.station_code, added: ['M44'],
    answers: {
      movers: [{ ...pick(comes), relation: joins ? '97' : '02' }], ...origin, address_id, ...(joins ? { household_choice: 'join', ...named('target_head', host) } : { household_choice: 'new' }), ...kin, ...more,
      ...(kin === undefined ? {} : named('spouse', host)), ...(number === undefined ? {} : { migration_certificate_no: number, certificate_form: 'electronic' }),
    },
    between: async (_world, work, act) => (act === 'await_certificate' ? answerPermit(world, work, [comes]) : undefined),
    effect: async (_world, work) => {
      const [person] = await enteredBy(world, work.id);
      expect(person).toMatchObject({ name: comes.name, id_number: comes.id_number, ethnicity: '01', native_place: '510107', address_id, relation: joins ? '97' : '02' });
      const { rows: papers } = await world.police.owner.query(`select distinct state from permits.paper where state_case_id = $1`, [work.id]);
      expect(papers).toEqual([{ state: 'consumed' }]);
    },
  };
}

/** Somebody comes to the collective household of a unit that is set up for him. */
async function arrivalInCollective(world: World, nth: number, household_type: string, more: Record<string, unknown>): Promise<Sample> {
  const manager = head(await someoneAlone(world));
  const [address_id, code] = [await takeAddress(world, home), unitCode(nth)];
  await walkThrough(world, '1201', { applicant: manager, station: home, answers: { collective_action: 'create', unit_name: '大理某单位', unit_code: code, household_type, address_id, ...named('manager', manager), manager_phone: '19900001234' } });
  const sample = await arrival(world, { address_id, unit_code: code, unit_name: '大理某单位', ...more }, { brings: more['certificate_form'] !== undefined });
  return {
    ...sample, station: home, answers: { ...sample.answers, address_id, movers: [{ ...(sample.answers['movers'] as { name: string; id_number: string }[])[0]!, relation: '99' }], target_head_name: undefined, target_head_id_number: undefined, household_choice: 'collective' },
    effect: async (_world, work) => {
      const [person] = await enteredBy(world, work.id);
      expect(person).toMatchObject({ relation: '99', address_id });
      expect(await householdOf(world, person!.household_id!)).toMatchObject({ household_type, unit_code: code });
    },
  };
}

const arrivals: Samples = {
  '0301': (world) => arrival(world, { reason: '33' }, { kin: {} }),
  '0302': (world) => arrival(world, { reason: '32' }),
  '0303': async (world) => ({ ...(await arrival(world, { reason: '32' })) }),
  '0304': (world) => arrival(world, { reason: '62', housing_basis: 'owned' }, { joins: false }),
  '0305': (world) => arrivalInCollective(world, 305, '2', { reason: '01' }),
  '0306': (world) => arrival(world, { reason: '01', talent_category: 'title' }, { joins: false }),
  '0307': (world) => arrivalInCollective(world, 307, '3', { reason: '24', certificate_form: 'electronic' }),
  '0308': (world) => arrival(world, { reason: '25', graduate_destination: 'home' }, { brings: true }),
};

/** One of a household leaves for another province with its permit, or as a student. */
async function departure(world: World, more: Record<string, unknown>, withPermit: boolean): Promise<Sample & { subject: Family['members'][number]; family: Family }> {
  const family = await twoAdults(world);
  const subject = adults(family).find((member) => member.relation !== '02')!;
  const permit_no = withPermit ? await paperOfOthers(world, { kind: 'move_in_permit', movers: [{ ...subject, sex: subject.sex as '1' | '2' }], station_code: family.station_code }) : undefined;
  return {
    subject, family, applicant: subject, station: family.station_code,
    answers: { movers: [{ ...pick(subject), relation: '' }], whole_household: false, head_leaves: false, destination_area: '510107', destination_address_text: '成都市武侯区某路 1 号', ...(permit_no === undefined ? {} : { permit_no }), ...more },
    effect: async (_world, work) => {
      expect(await personOf(world, subject.person_id)).toMatchObject({ status: '5', household_id: null });
      const { rows: [paper] } = await world.police.owner.query(`select kind, state, permit_number from permits.paper where case_id = $1`, [work.id]);
      expect(paper).toEqual({ kind: 'migration_certificate', state: 'issued', permit_number: permit_no ?? null });
    },
  };
}

/** The certificate of a departure that was carried out. */
async function departed(world: World): Promise<{ subject: Family['members'][number]; family: Family; number: string }> {
  const sample = await departure(world, { student_move: 'enrolment' }, false);
  const work = await walkThrough(world, '0402', sample);
  return { ...sample, number: (await work.row())['effect'].paper.number };
}

const departures: Samples = {
  '0401': (world) => departure(world, { reason: '33' }, true),
  '0402': (world) => departure(world, { student_move: 'enrolment' }, false),
  '0403': async (world) => {
    const { subject, family, number } = await departed(world);
    return {
      applicant: subject, station: family.station_code, answers: { ...named('subject', subject), paper_kind: 'migration_certificate', migration_certificate_no: number, reissue_kind: 'lost' },
      effect: async (_world, work) => {
        const { rows } = await world.police.owner.query('select number, state from permits.paper where number = any($1) order by state', [[number, (await work.row())['effect'].paper.number]]);
        expect(rows.map((row) => row.state)).toEqual(['issued', 'void']);
      },
    };
  },
  '0404': async (world) => {
    const { subject, family, number } = await departed(world);
    return {
      applicant: subject, station: family.station_code,
      answers: { movers: [{ ...pick(subject), relation: '97' }], migration_certificate_no: number, address_id: family.address_id, household_choice: 'join', ...named('target_head', head(family)) }, added: ['M27'],
      effect: async () => {
        expect(await personOf(world, subject.person_id)).toMatchObject({ status: '0', household_id: family.household_id, relation: '97' });
        expect((await world.police.owner.query('select state from permits.paper where number = $1', [number])).rows).toEqual([{ state: 'returned' }]);
      },
    };
  },
};

/* ---- Inside the province --------------------------------------------------------------------------------------------------- */

async function moveInside(world: World, from: string): Promise<Sample> {
  const mover = head(await takeFamily(world, from, (family) => single(family) && family.station_code !== home));
  const address_id = await takeAddress(world, home);
  return {
    applicant: mover, station: home, answers: { movers: [{ ...pick(mover), relation: '02' }], whole_household: true, address_id, household_choice: 'new', reason: '99', housing_basis: 'owned' },
    effect: async () => expect(await personOf(world, mover.person_id)).toMatchObject({ address_id, relation: '02', station_code: home }),
  };
}

const movesInside: Samples = { '0501': (world) => moveInside(world, county), '0502': insidePrefecture, '0503': (world) => moveInside(world, '530102') };

/** Between two counties of Kunming. */
async function insidePrefecture(world: World): Promise<Sample> {
  const mover = head(await takeFamily(world, '530111', single));
  const station = '530102510000';
  const address_id = await takeAddress(world, station);
  return {
    applicant: mover, station, answers: { movers: [{ ...pick(mover), relation: '02' }], whole_household: true, address_id, household_choice: 'new', reason: '99', housing_basis: 'owned' },
    effect: async () => expect(await personOf(world, mover.person_id)).toMatchObject({ address_id, relation: '02', station_code: station }),
  };
}

/* ---- Cards, certificates, and what changes nothing in the register ----------------------------------------------------------- */

async function card(world: World, more: Record<string, unknown>, old_card: 'surrendered' | 'lost' | 'none', where = county): Promise<Sample> {
  const subject = head(await takeFamily(world, where, single));
  const { station_code } = await personOf(world, subject.person_id);
  return {
    applicant: subject, station: station_code, added: ['M44', 'M47', 'M65', 'M64'], answers: { ...named('subject', subject), ...more },
    between: async (_world, work, act) => (act === 'produce' ? produceCard(world, work) : act === 'hand_over' ? handOverCard(world, work, old_card) : undefined),
    effect: async () => {
      const { rows } = await world.police.owner.query('select state from cards.card where person_id = $1 order by valid_from_on desc', [subject.person_id]);
      expect(rows[0]).toEqual({ state: 'in_force' });
    },
  };
}

const nothingChanges = async (_world: World, work: CaseAtWork): Promise<void> => {
  expect((await work.row())['effect']).toEqual({ kind: 'papers' });
};

async function byOneself(world: World, answers: (world: World) => Promise<Record<string, unknown>>): Promise<Sample> {
  const subject = head(await someoneAlone(world));
  return { applicant: subject, station: home, answers: { ...named('subject', subject), ...(await answers(world)) }, effect: nothingChanges };
}

const withoutEffect: Samples = {
  E101: (world) => byOneself(world, async () => ({ address_id: await takeAddress(world, home), stay_in: 'rent', arrived_on: '2026-11-02' })),
  E102: async (world) => ({ ...(await byOneself(world, async () => ({ address_id: await takeAddress(world, home), permit_action: 'issue', stay_basis: 'work', arrived_on: '2026-01-02' }))), added: ['M64'] }),
  E103: (world) => byOneself(world, async () => ({ wanted_name: '李明远', within_area: county })),
  E104: (world) => byOneself(world, async () => ({ volume_title: '1985 年户籍底册' })),
  E105: (world) => byOneself(world, async () => ({ change_kind: 'doorplates' })),
};

export const samples: Samples = {
  '0101': (world) => birth(world, daysBefore(dayOf(world), 20)),
  '0102': (world) => birth(world, '2023-05-06'),
  '0103': (world) => birth(world, '2025-02-03', { child_birthplace_area: undefined }),
  '0104': async (world) => {
    const family = await couples(world);
    const { father, mother } = couple(family)!;
    return {
      applicant: mother, station: family.station_code, added: ['M44'],
      answers: {
        person_name: `${father.name.slice(0, 1)}来喜`, person_sex: '2', person_birth_on: '2022-01-09', person_birthplace_area: county, person_native_place_area: county, person_ethnicity: '01', adoption_kind: 'registered',
        ...named('adopter', mother), ...named('spouse', father), address_id: family.address_id, household_choice: 'join', ...named('target_head', head(family)), target_relation: '37',
      },
      effect: async (_world, work) => {
        const [child] = await enteredBy(world, work.id);
        expect(child).toMatchObject({ household_id: family.household_id, status: '0' });
        expect(await linksOf(world, child!.person_id)).toEqual({ father: father.person_id, mother: mother.person_id });
      },
    };
  },
  '0201': async (world) => {
    const family = await takeFamily(world, county, (one) => adults(one).length >= 2 && adults(one).some((member) => member.relation !== '02'));
    const [dead, heir] = [head(family), adults(family).find((member) => member.relation !== '02')!];
    const died_on = daysBefore(dayOf(world), 3);
    return {
      applicant: heir, station: family.station_code,
      answers: { ...named('subject', dead), died_on, death_certificate_kind: 'medical', death_certificate_no: documentNo('SW'), whole_household: false, head_leaves: true, new_head_id_number: heir.id_number },
      effect: async () => {
        expect(await personOf(world, dead.person_id)).toMatchObject({ status: '1', died_on, household_id: null });
        expect((await membersOf(world, family.household_id))[heir.name]).toBe('02');
        expect(await linksOf(world, heir.person_id)).not.toHaveProperty('spouse');
      },
    };
  },
  '0202': (world) => leaver(world, { court_document_no: '(2026)云2901民特7号'.replace(/[^0-9A-Z]/gu, ''), court_document_on: '2026-10-08' }, { status: '1', died_on: '2026-10-08' }, { added: ['M69'] }),
  '0105': async (world) => {
    const manager = head(await someoneAlone(world));
    const [address_id, code] = [await takeAddress(world, home), unitCode(5)];
    await walkThrough(world, '1201', { applicant: manager, station: home, answers: { collective_action: 'create', unit_name: '大理市儿童福利院', unit_code: code, household_type: '5', address_id, ...named('manager', manager), manager_phone: '19900001234' } });
    return {
      applicant: manager, station: home, added: ['M44'],
      answers: { person_name: '大理安康', person_sex: '1', person_birth_on: '2024-07-01', person_birthplace_area: county, person_native_place_area: county, person_ethnicity: '01', unit_name: '大理市儿童福利院', unit_code: code, address_id },
      effect: async (_world, work) => {
        const [child] = await enteredBy(world, work.id);
        expect(child).toMatchObject({ name: '大理安康', relation: '99', address_id });
        expect(await householdOf(world, child!.household_id!)).toMatchObject({ household_type: '5', unit_code: code });
      },
    };
  },
  '0203': (world) => leaver(world, { died_on: '2026-09-01', clue_source: 'community' }, { status: '1', died_on: '2026-09-01' }, { added: ['M11', 'M59'], between: afterNotice }),
  ...arrivals,
  ...departures,
  ...movesInside,
  '0601': (world) => alteration(world, (subject) => ({ new_name: `${subject.name.slice(0, 1)}明远`, former_name_is_kept: true }), (before, after) => {
    expect(after).toMatchObject({ name: `${before.name.slice(0, 1)}明远`, former_name: before.name, id_number: before.id_number });
  }, ['former_name', 'name']),
  '0602': (world) => alteration(world, () => ({ corrected_item: 'former_name', new_former_name: '杨小妹' }), (_before, after) => expect(after.former_name).toBe('杨小妹'), ['former_name']),
  '0603': (world) => alteration(world, (subject) => ({ alteration_kind: 'change', new_sex: otherSex[subject.sex] }), (before, after) => {
    expect(after.sex).toBe(otherSex[before.sex]);
    expect(after.id_number.slice(0, 14)).toBe(before.id_number.slice(0, 14));
    expect(Number(after.id_number[16]) % 2).toBe(after.sex === '1' ? 1 : 0);
  }, ['id_number', 'sex']),
  '0604': (world) => alteration(world, (subject) => ({ new_birth_on: `${subject.birth_on.slice(0, 8)}${subject.birth_on.endsWith('09') ? '10' : '09'}`, evidence_on: subject.birth_on }), (before, after) => {
    expect(after.birth_on).not.toBe(before.birth_on);
    expect(after.id_number.slice(6, 14)).toBe(after.birth_on.replaceAll('-', ''));
  }, ['birth_on', 'id_number']),
  '0605': async (world) => {
    const { rows: [child] } = await world.police.owner.query<{ person_id: string; parent: string }>(
      `select p.person_id, q.person_id as parent from population.person p join population.kin_link k on k.person_id = p.person_id and k.kind = 'mother' and k.until_on is null
       join population.person q on q.person_id = k.relative_id where p.status = '0' and q.status = '0' and q.ethnicity <> p.ethnicity and p.birth_on > '2009-01-01' and p.household_id = q.household_id and p.station_code like $1 || '%' order by p.person_id limit 1`, [county]);
    const [subject, mother] = [await personOf(world, child!.person_id), await personOf(world, child!.parent)];
    return {
      applicant: mother, station: subject.station_code,
      answers: { ...named('subject', subject), alteration_kind: 'change', new_ethnicity: mother.ethnicity, basis_parent: 'mother', basis_kind: 'by_birth', ...named('mother', mother) },
      between: async (_world, work, act) => (act.startsWith('agency') ? approveOpinion(world, work) : undefined),
      effect: async (_world, work) => {
        expect((await personOf(world, subject.person_id)).ethnicity).toBe(mother.ethnicity);
        expect(await alterationsBy(world, work.id)).toEqual(['ethnicity']);
      },
    };
  },
  '0606': (world) => alteration(world, () => ({ number_problem: 'shared' }), (before, after) => {
    expect(after.id_number).not.toBe(before.id_number);
    expect(after.id_number.slice(0, 14)).toBe(before.id_number.slice(0, 14));
  }, ['id_number']),
  '0607': (world) => alteration(world, () => ({ new_native_place_area: '530111', alteration_kind: 'correction' }), (_before, after) => expect(after.native_place).toBe('530111'), ['native_place']),
  '0701': (world) => alteration(world, (subject) => ({ new_education: subject.education === '21' ? '31' : '21' }), (before, after) => expect(after.education).toBe(before.education === '21' ? '31' : '21'), ['education'], { added: [] }),
  '0702': async (world) => {
    const [one, other] = await Promise.all([takeFamily(world, county, (family) => unmarried(family) && head(family).sex === '1'), takeFamily(world, county, (family) => unmarried(family) && head(family).sex === '2')]);
    const [man, woman] = [head(one), head(other)];
    return {
      applicant: man, station: one.station_code, answers: { ...named('subject', man), new_marital_status: '21', ...named('spouse', woman) },
      effect: async () => {
        expect(await linksOf(world, man.person_id)).toMatchObject({ spouse: woman.person_id });
        expect(await linksOf(world, woman.person_id)).toMatchObject({ spouse: man.person_id });
        expect([(await personOf(world, man.person_id)).marital_status, (await personOf(world, woman.person_id)).marital_status]).toEqual(['21', '21']);
      },
    };
  },
  '0703': (world) => alteration(world, () => ({ workplace: '大理古城小学' }), () => {}, ['workplace'], { added: [] }),
  '0801': (world) => leaver(world, { enlist_on: dayOf(world) }, { status: '3' }),
  '0802': (world) => leaver(world, { settle_abroad_in: 'foreign' }, { status: '4' }, { added: ['M59'], between: afterNotice }),
  '0803': async (world) => {
    const sample = await leaver(world, { nationality_loss: 'acquired' }, { status: '6' }, { added: ['M59'], between: afterNotice });
    return { ...sample, applicant: { name: String(sample.answers['subject_name']), id_number: String(sample.answers['subject_id_number']) } };
  },
  '0804': async (world) => {
    const kept = head(await someoneAlone(world));
    const sample = await leaver(world, { cancel_kind: 'duplicate', ...named('kept', kept) }, { status: '7' }, { added: ['M44', 'M59', 'M73'], between: afterNotice });
    return { ...sample, applicant: { name: String(sample.answers['subject_name']), id_number: String(sample.answers['subject_id_number']) } };
  },
  '0901': async (world) => {
    const veteran = head(await someoneAlone(world));
    await walkThrough(world, '0801', { applicant: veteran, station: home, answers: { ...named('subject', veteran), enlist_on: dayOf(world), whole_household: true } });
    const address_id = await takeAddress(world, home);
    return {
      applicant: veteran, station: home, answers: { ...named('subject', veteran), veteran_kind: 'conscript', settle_place: 'former', address_id, household_choice: 'new' },
      effect: async () => expect(await personOf(world, veteran.person_id)).toMatchObject({ status: '0', relation: '02', address_id, military_service: '1' }),
    };
  },
  '0902': (world) => newcomer(world, { housing_basis: 'owned' }),
  '0903': async (world) => {
    const subject = head(await someoneAlone(world));
    const address_id = await takeAddress(world, home);
    await walkThrough(world, '0801', { applicant: subject, station: home, answers: { ...named('subject', subject), enlist_on: dayOf(world), whole_household: true } });
    return {
      applicant: subject, station: home, added: ['M44'], answers: { ...named('subject', subject), restore_reason: 'error', address_id, household_choice: 'new' },
      effect: async () => expect(await personOf(world, subject.person_id)).toMatchObject({ status: '0', relation: '02', address_id }),
    };
  },
  // Whoever becomes a citizen applies in person, before any register knows him.
  '0904': async (world) => ({ ...(await newcomer(world, { housing_basis: 'owned', person_birthplace_area: undefined, person_native_place_area: undefined })), applicant: { name: '和乐天', id_number: idNumber('1990-03-04', '1', '910001') } }),
  '1001': (world) => newcomer(world, { unregistered_reason: '8' }),
  '1002': (world) => newcomer(world, {}),
  '1101': async (world) => {
    const family = await takeFamily(world, county, (one) => couple(one) !== undefined && one.members.length >= 3 && couple(one)!.father.relation === '02' && adults(one).length >= 2);
    const leaving = adults(family).find((member) => member.relation !== '02')!;
    const address_id = await takeAddress(world, family.station_code);
    return {
      applicant: leaving, station: family.station_code, answers: { members: [{ ...pick(leaving), relation: '02' }], address_id, housing_basis: 'owned' },
      effect: async () => {
        expect(await personOf(world, leaving.person_id)).toMatchObject({ relation: '02', address_id });
        expect(await membersOf(world, family.household_id)).not.toHaveProperty(leaving.name);
      },
    };
  },
  '1102': async (world) => {
    const family = await takeFamily(world, county, (one) => adults(one).length >= 2 && one.members.length >= 3);
    const leaving = adults(family).find((member) => member.relation !== '02')!;
    const address_id = await takeAddress(world, family.station_code);
    return {
      applicant: head(family), station: family.station_code, answers: { members: [{ ...pick(leaving), relation: '02' }], head_leaves: false, split_basis: 'property', address_id },
      effect: async () => {
        expect(await personOf(world, leaving.person_id)).toMatchObject({ relation: '02', address_id });
        expect((await householdOf(world, family.household_id)).status).toBe('active');
      },
    };
  },
  '1103': async (world) => {
    const [ending, staying] = await relatedFamilies(world);
    return {
      applicant: head(ending), station: ending.station_code, answers: { members: ending.members.map((member) => ({ ...pick(member), relation: '97' })), ...named('target_head', head(staying)) },
      effect: async () => {
        expect((await householdOf(world, ending.household_id)).status).toBe('closed');
        expect((await membersOf(world, staying.household_id))[head(ending).name]).toBe('97');
      },
    };
  },
  '1104': async (world) => {
    const family = await takeFamily(world, county, (one) => couple(one) !== undefined && couple(one)!.father.relation === '02' && one.members.length === 2);
    const { father, mother } = couple(family)!;
    return {
      applicant: father, station: family.station_code, answers: { members: [{ ...pick(mother), relation: '02' }, { ...pick(father), relation: '11' }] },
      effect: async () => expect(await membersOf(world, family.household_id)).toEqual({ [mother.name]: '02', [father.name]: '11' }),
    };
  },
  '1201': async (world) => {
    const manager = head(await someoneAlone(world));
    const [address_id, code] = [await takeAddress(world, home), unitCode(12)];
    return {
      applicant: manager, station: home,
      answers: { collective_action: 'create', unit_name: '洱海水产公司', unit_code: code, household_type: '2', address_id, ...named('manager', manager), manager_phone: '19900001234' },
      effect: async (_world, work) => {
        const { founded } = (await work.row())['effect'];
        expect(await householdOf(world, founded[0].household_id)).toEqual({ status: 'active', household_type: '2', address_id, unit_code: code, manager_id: manager.person_id });
      },
    };
  },
  '1202': async (world) => {
    // A station whose community has a collective household.
    const mover = head(await takeFamily(world, '532901570000', single));
    const before = await personOf(world, mover.person_id);
    return {
      applicant: mover, station: before.station_code, added: ['M59'], answers: { movers: [{ ...pick(mover), relation: '99' }], settle_reason: 'demolished', dwelling_address_id: before.address_id },
      effect: async () => {
        const after = await personOf(world, mover.person_id);
        expect(after).toMatchObject({ relation: '99', station_code: before.station_code });
        expect((await householdOf(world, after.household_id!)).household_type).toBe('4');
        expect((await householdOf(world, before.household_id!)).status).toBe('closed');
      },
    };
  },
  '1301': (world) => card(world, { card_reason: '12' }, 'none'),
  '1302': (world) => card(world, { card_reason: '23' }, 'surrendered'),
  '1303': (world) => card(world, { lost_on: '2026-11-20' }, 'lost'),
  '1304': async (world) => {
    const sample = await card(world, { card_reason: '23' }, 'surrendered');
    const renewal = await enter(world, '1302', sample);
    await walkUntil(world, renewal, sample, 'produce');
    await world.settle();
    return { ...sample, answers: { subject_name: sample.answers['subject_name'], subject_id_number: sample.answers['subject_id_number'] }, between: undefined, effect: async (_world, work) => {
      expect((await work.row())['effect'].temporary_card.temporary_card_no).toMatch(/^L/);
    } };
  },
  '1305': async (world) => {
    const sample = await card(world, { card_reason: '23', remote_basis: 'work' }, 'surrendered', '530102');
    return { ...sample, station: home };
  },
  '1401': async (world) => {
    const subject = head(await someoneAlone(world));
    return { applicant: subject, station: home, answers: { ...named('subject', subject), requester_capacity: 'self', certificate_kind: 'booklet_replaced' }, effect: async (_world, work) => expect((await work.row())['effect']).toEqual({ kind: 'papers' }) };
  },
  '1402': async (world) => {
    const subject = head(await someoneAlone(world));
    return { applicant: subject, station: home, answers: { ...named('subject', subject), requester_capacity: 'self', archive_purpose: 'self' }, effect: async (_world, work) => expect(await work.acts()).toEqual(['submit', 'accept', 'deliver_copy']) };
  },
  ...withoutEffect,
};

/** Two households of one station that share kin: the second is that of a parent or child of the first. */
async function relatedFamilies(world: World): Promise<[Family, Family]> {
  const { rows } = await world.police.owner.query<{ one: string; other: string }>(
    `select a.household_id as one, b.household_id as other from population.kin_link k
     join population.membership a on a.person_id = k.person_id and upper_inf(a.period) join population.membership b on b.person_id = k.relative_id and upper_inf(b.period)
     join population.household h on h.household_id = a.household_id join population.household g on g.household_id = b.household_id
     where k.until_on is null and a.household_id <> b.household_id and h.household_type = '1' and g.household_type = '1' and h.station_code = g.station_code and h.station_code like $1 || '%' order by a.household_id, b.household_id`, [county]);
  for (const { one, other } of rows) {
    try {
      const ending = await takeFamily(world, county, (family) => family.household_id === one);
      return [ending, await takeFamily(world, county, (family) => family.household_id === other)];
    } catch { /* taken by another sample */ }
  }
  throw new Error('no two related households are left');
}

