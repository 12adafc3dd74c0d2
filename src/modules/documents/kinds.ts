/** The papers there are: what each is called, whether its citizen may have it on the portal, and what it says. */
import type { Context } from '../../kernel/index.ts';
import type { Text } from '../../kernel/operation.ts';
import { maskIdNumber } from '../reference/index.ts';
import type { MigrationOnPaper, PaperOrder } from './order.ts';
import { readPeople, type PeopleOnPaper, type PrintedPerson } from './people.ts';
import { chineseDay, typeset, writerFor } from './printed.ts';

/** What a template prints beside title, organ, number and day; `synthetic` as the register says. */
export interface PaperBody {
  synthetic: boolean;
  [name: string]: unknown;
}

/** Nothing where the register gives no reason for the paper: no number was changed, no household is there. */
type Compose = (context: Context, order: PaperOrder) => Promise<PaperBody | null>;

export interface PaperKind {
  title: Text;
  /**
   * `citizen`: sent to the portal; `counter`: given out on paper against identity, or kept in the file. The booklet and
   * its cards are one, because an electronic booklet is issued by the ministry alone.
   */
  goes_to: 'citizen' | 'counter';
  /** It rests on what the case did, and falls when that is undone; a notice of what happened does not. */
  falls_with_its_case: boolean;
  /** There is one at a time for its household: a new one ends the old. */
  replaces_earlier: boolean;
  compose: Compose;
}

type Traits = Pick<PaperKind, 'goes_to' | 'falls_with_its_case' | 'replaces_earlier'>;
const told: Traits = { goes_to: 'citizen', falls_with_its_case: false, replaces_earlier: false };
const certified: Traits = { goes_to: 'citizen', falls_with_its_case: true, replaces_earlier: false };
const atCounter: Traits = { goes_to: 'counter', falls_with_its_case: true, replaces_earlier: false };
const ofHousehold: Traits = { goes_to: 'counter', falls_with_its_case: true, replaces_earlier: true };

/** What the notices of a case say. */
async function notice(_context: Context, { case: file }: PaperOrder): Promise<PaperBody> {
  return {
    synthetic: false, applicant: file.applicant_name, service: file.service_name, rows: file.rows.map(([label, value]) => [label, value]),
    people: file.people.map((person) => [person.name, person.sex, person.birth_on, maskIdNumber(person.id_number), person.relation]),
    materials: file.materials.map((material) => [material.name, material.settled]), is_move: file.is_move, is_done: file.is_closed,
    reason: typeset(file.decision?.reason ?? ''), law: typeset(file.decision?.law ?? ''), purpose: file.purpose,
  };
}

const correction: Compose = async (context, order) => {
  const { correction: list } = order.case;
  return list === null ? null : { ...await notice(context, order), items: list.items.map(typeset), due_on: chineseDay(list.due_on), new_fact: list.new_fact === null ? null : typeset(list.new_fact) };
};

/** What is going to be done to somebody who cannot be asked is put up where it is seen: the name, and no number. */
const publicNotice: Compose = async (context, order) => {
  const { notice: period } = order.case;
  if (period === null) return null;
  const writer = await writerFor(context, { areas: [], units: [order.kept_by_org] });
  const body = await notice(context, order);
  const names: [string, string] = ['当事人', order.case.people.map((person) => person.name).join('、')];
  return { ...body, rows: [...(body['rows'] as [string, string][]), ...(names[1] === '' ? [] : [names])], people: [], from_on: chineseDay(period.from_on), to_on: chineseDay(period.to_on), station: writer.unit(order.kept_by_org), phone: null };
};

async function read(context: Context, order: PaperOrder): Promise<PeopleOnPaper> {
  return readPeople(context, { person_ids: order.person_ids, household_id: order.household_id ?? null, of_case: order.of_this_case === true ? order.case.case_id : null, handled_by: order.case.handled_by, on: order.case.on });
}

/** A paper about people, as they are told by `tell`; those about whom it has nothing to say are left out. */
const about = (tell: (person: PrintedPerson, order: PaperOrder) => PrintedPerson | Record<string, unknown> | null): Compose => async (context, order) => {
  const { persons, synthetic } = await read(context, order);
  const told = persons.map((person) => tell(person, order)).filter((person) => person !== null);
  return told.length === 0 ? null : { synthetic, persons: told, purpose: order.case.purpose };
};

/** Where somebody is registered now, or was last. */
const withPlace = (person: PrintedPerson): PrintedPerson => ({ ...person, address: person.address === '' ? person.last_address : person.address });

function kinship(person: PrintedPerson, { relative }: PaperOrder): PrintedPerson | null {
  const relatives = person.relatives.filter(([name]) => relative == null || name === relative);
  return relatives.length === 0 ? null : { ...withPlace(person), relatives };
}

const booklet: Compose = async (context, order) => {
  const { persons, household, synthetic } = await read(context, order);
  if (household === null) return null;
  const headFirst = persons.toSorted((a, b) => Number(b.relation === '户主') - Number(a.relation === '户主'));
  return { synthetic, issuer_line: household.station, household: { ...household, handled_by: order.case.handled_by, issued_on: chineseDay(order.case.on) }, persons: headFirst };
};

/** People on a migration paper are written from the paper itself: it was issued so, and the register may have gone on. */
async function migrationBody(context: Context, order: PaperOrder, migration: MigrationOnPaper): Promise<PaperBody> {
  const items = (name: string) => migration.movers.map((mover) => mover.items[name]);
  const writer = await writerFor(context, { areas: [migration.from_area, migration.to_area, ...items('birthplace'), ...items('native_place')], units: [] });
  const place = (area: string | null): string => writer.value('birthplace', area);
  const synthetic = order.person_ids.length === 0 ? false : (await read(context, order)).synthetic;
  return {
    synthetic, applicant: order.case.applicant_name,
    permit: {
      number: migration.number, permit_number: migration.permit_number ?? '—', reason: writer.value('reason', migration.reason), origin: place(migration.from_area),
      to_address: migration.to_address ?? place(migration.to_area), issued_on: chineseDay(migration.issued_on), valid_until_on: chineseDay(migration.valid_until_on),
      movers: migration.movers.map((mover) => [mover.name, writer.value('sex', mover.sex), chineseDay(mover.birth_on), mover.id_number, writer.value('relation', mover.relation)]),
      people: migration.movers.map((mover) => ({
        name: mover.name, sex: writer.value('sex', mover.sex), birth_on: chineseDay(mover.birth_on), id_number: mover.id_number, relation: writer.value('relation', mover.relation),
        ...Object.fromEntries(['ethnicity', 'birthplace', 'native_place', 'education', 'marital_status', 'occupation'].map((item) => [item, writer.value(item, mover.items[item])])),
      })),
    },
  };
}

const migration: Compose = async (context, order) => (order.migration == null ? null : migrationBody(context, order, order.migration));

/** Slips about the card of one person. */
const slip: Compose = async (context, order) => {
  const { card } = order;
  if (card == null) return null;
  const { persons: [registered], synthetic } = await read(context, order);
  const person = registered ?? { name: card.name, id_number: card.id_number, sex: '', ethnicity: '', birth_on: '' };
  return {
    synthetic, applicant: order.case.applicant_name, case_no: order.case.case_no,
    card: {
      name: person.name, sex: person.sex, ethnicity: person.ethnicity.replace(/族$/u, ''), birth_on: person.birth_on, id_number: person.id_number, address: card.address ?? (registered === undefined ? '' : withPlace(registered).address),
      kind: card.kind, applied_on: chineseDay(card.applied_on), collect_at: card.collect_at, ready_on: card.ready_on === null ? '制成后短信通知' : chineseDay(card.ready_on),
      reported_at: card.reported_at ?? '', loss: card.loss ?? '', valid_from_on: card.valid_from_on?.replaceAll('-', '.') ?? '', valid_until_on: card.valid_until_on?.replaceAll('-', '.') ?? '',
    },
  };
};

const archiveCopy: Compose = async (context, order) => ({ ...await notice(context, order), pages: (order.pages ?? []).map((entry, index) => [String(index + 1), entry.title, String(entry.pages)]) });

export const kinds: Readonly<Record<string, PaperKind>> = {
  receipt: { title: { zh: '户政业务受理回执', en: 'Receipt of acceptance' }, ...told, compose: notice },
  correction_notice: { title: { zh: '补正材料一次性告知书', en: 'One-time notice of corrections' }, ...told, compose: correction },
  non_acceptance_notice: { title: { zh: '不予受理通知书', en: 'Notice of non-acceptance' }, ...told, compose: notice },
  refusal_notice: { title: { zh: '不予办理决定书', en: 'Decision of refusal' }, ...told, compose: notice },
  approval_notice: { title: { zh: '户口登记办结通知书', en: 'Notice of approval and registration' }, ...certified, compose: notice },
  public_notice: { title: { zh: '户口登记事项公示', en: 'Public notice' }, ...atCounter, compose: publicNotice },
  registration_form: { title: { zh: '常住人口登记表', en: 'Registration form of permanent residents' }, ...atCounter, compose: about((person) => person) },
  booklet: { title: { zh: '居民户口簿', en: 'Household booklet' }, ...ofHousehold, compose: booklet },
  booklet_page: { title: { zh: '常住人口登记卡', en: 'Page of the household booklet' }, ...atCounter, compose: about((person) => person) },
  collective_booklet: { title: { zh: '集体户口簿', en: 'Booklet of a collective household' }, ...ofHousehold, compose: booklet },
  collective_page: { title: { zh: '集体户常住人口登记卡', en: 'Page of a collective household' }, ...atCounter, compose: about((person) => person) },
  move_in_permit: { title: { zh: '户口准迁证', en: 'Move-in permit' }, ...atCounter, compose: migration },
  migration_certificate: { title: { zh: '户口迁移证', en: 'Migration certificate' }, ...atCounter, compose: migration },
  cancellation_certificate: { title: { zh: '户口注销证明', en: 'Certificate of cancellation' }, ...certified, compose: about((person) => (person.cancelled_on === '' ? null : { ...person, reason: person.cancel_reason })) },
  alteration_certificate: { title: { zh: '户口登记项目变更更正证明', en: 'Certificate of changes and corrections' }, ...certified, compose: about((person) => (person.changes.length === 0 ? null : withPlace(person))) },
  kinship_certificate: { title: { zh: '亲属关系证明', en: 'Certificate of kinship' }, ...certified, compose: about(kinship) },
  migration_history_certificate: { title: { zh: '户口迁移情况证明', en: 'Certificate of moves' }, ...certified, compose: about((person) => (person.moves.length === 0 ? null : withPlace(person))) },
  id_number_change_certificate: { title: { zh: '公民身份号码更正证明', en: 'Certificate of a corrected ID number' }, ...certified, compose: about((person) => (person.old_numbers === '' ? null : { ...withPlace(person), changed_on: person.number_changed_on })) },
  temporary_id_card: { title: { zh: '临时居民身份证制发单', en: 'Temporary identity card' }, ...atCounter, compose: slip },
  card_claim_slip: { title: { zh: '居民身份证领取凭证', en: 'Claim slip for an identity card' }, ...told, compose: slip },
  loss_report_receipt: { title: { zh: '居民身份证丢失挂失回执', en: 'Receipt of a loss report' }, ...told, compose: slip },
  archive_copy: { title: { zh: '户籍档案复制件', en: 'Copy from the household archive' }, ...atCounter, compose: archiveCopy },
  residence_receipt: { title: { zh: '居住登记回执', en: 'Receipt of residence registration' }, ...told, compose: slip },
};

/** The papers that are printed here; cards are made elsewhere. */
export const paperKindNames = Object.keys(kinds);
