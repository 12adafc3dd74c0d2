/**
 * Gathers the facts of a case. A move asks the register one question made for moves; everything else one question for
 * all people named, and a second one only for what the service's rules ask beside them.
 */
import { legalDay, type Context } from '../../kernel/index.ts';
import { answersFor, opinionsFor } from '../agencies/index.ts';
import { cardFacts } from '../cards/index.ts';
import { catalogue, type PreconditionRule, type Service } from '../catalogue/index.ts';
import { findPaper, findCertificateOfPermit, papersOfCase, type Paper } from '../permits/index.ts';
import { findAddresses, findOrganisations } from '../reference/index.ts';
import {
  factsForMove, factsForPeople, findLikelySame, findUsedDocuments, householdsAt, registeredSince,
  type HouseholdFacts, type HouseholdRecordFacts, type KinFacts, type MoveFacts, type MoverFacts, type PersonFacts,
} from '../population/index.ts';
import { commitmentsBarredUntil } from './commitments.ts';
import type { ArrivalFacts, CardFacts, CaseFacts, EnquiryFacts, HoldFacts, PaperFacts, PartFacts, PastFacts, ShownFacts } from './facts.ts';
import type { CaseFile, OpenedCase, PartName } from './file.ts';
import { settleMaterials, suppliedFor, type MaterialState } from './materials.ts';
import { newPersonOf } from './new-person.ts';
import { ownAnswers } from './sources.ts';

/** What the register says of everybody named, in whichever of the two ways it was asked. */
interface Found {
  people: readonly MoverFacts[];
  persons: readonly PersonFacts[];
  origins: HouseholdFacts[];
  target: HouseholdFacts | null;
  households: readonly HouseholdFacts[];
  records: readonly HouseholdRecordFacts[];
  kin: readonly KinFacts[];
  move: MoveFacts;
}

const noMove: MoveFacts = { persons: [], origins: [], target: null, kin: [] };

async function find(context: Context, file: CaseFile, service: Service, known: readonly string[]): Promise<Found> {
  const moving = new Set(file.movers.map((mover) => mover.person_id));
  // The applicant may be a parent or head who stays where he is: that household is not left.
  const leftBy = (people: readonly MoverFacts[]) => new Set(people.filter((person) => moving.has(person.person_id)).map((person) => person.household_id));
  if (service.effect === 'transfer_persons') {
    const move = await factsForMove(context, { person_ids: known, target_household_id: file.target_household_id });
    const left = leftBy(move.persons);
    const origins = move.origins.filter((household) => left.has(household.household_id));
    const households = [...move.origins, ...(move.target === null ? [] : [move.target])];
    return { people: move.persons, persons: [], origins, target: move.target, households, records: [], kin: move.kin, move: { ...move, persons: move.persons.filter((person) => moving.has(person.person_id)), origins } };
  }
  const found = await factsForPeople(context, { person_ids: known, household_ids: file.target_household_id === null ? [] : [file.target_household_id] });
  const left = leftBy(found.persons);
  return {
    people: found.persons, persons: found.persons, households: found.households, records: found.households, kin: found.kin, move: noMove,
    origins: found.households.filter((household) => left.has(household.household_id) && household.household_id !== targetOfOthers(file)),
    target: found.households.find((household) => household.household_id === file.target_household_id) ?? null,
  };
}

/** A household that somebody joins is not one that he leaves, except where he belongs to it and only its relations change. */
const targetOfOthers = (file: CaseFile): string | null => (file.movers.length === 0 ? file.target_household_id : null);

/** For a case under way: whoever handles it sees its people until it ends. */
export async function gather(context: Context, { file, service }: OpenedCase): Promise<CaseFacts> {
  const known = [...new Set([...file.movers, ...file.parts].map((one) => one.person_id).concat(file.applicant_person_id))].filter((id) => id !== null);
  const founds = file.target_address_id !== null && file.answers['household_choice'] === 'new';
  const asks = new Set<PreconditionRule>(service.preconditions.map((precondition) => precondition.rule));
  const plain = service.effect === 'transfer_persons' || service.effect === 'change_non_main_items';
  const [found, supplied, barred, addresses, holds, dwelling, sources, opinions, enquiries, past, card, papers] = await Promise.all([
    find(context, file, service, known),
    suppliedFor(context, file.case_id),
    commitmentsBarredUntil(context, file),
    file.target_address_id === null ? new Map<string, never>() : findAddresses(context, [file.target_address_id]),
    context.query<HoldFacts>('select person_id, document_no, until_at from cases.lawful_hold where person_id = any($1::uuid[]) and case_id <> $2 and until_at > $3 order by until_at limit 20', [known, file.case_id, context.now]),
    founds && asks.has('dwelling_is_free') ? householdsAt(context, file.target_address_id!) : [],
    answersFor(context, file.case_id),
    asks.has('agency_has_approved') ? opinionsFor(context, file.case_id) : [],
    asks.has('enquiry_is_recorded') || asks.has('death_is_proved') || asks.has('cancellation_is_restorable') ? enquiriesFor(context, file.case_id) : [],
    plain ? nothingBefore : pastOf(context, file, asks),
    asks.has('no_card_in_production') || asks.has('card_is_applied_for') || asks.has('renewal_is_due') ? cardOf(context, file) : null,
    plain ? [] : papersFor(context, file, service),
  ]);
  const personOf = (id: string | null) => found.people.find((person) => person.person_id === id) ?? null;
  const movers = file.movers.map((mover) => ({ ...mover, person: personOf(mover.person_id) }));
  const parts = Object.fromEntries(file.parts.map((part) => [part.part, { ...part, person: found.persons.find((person) => person.person_id === part.person_id) ?? null }])) as Partial<Record<PartName, PartFacts>>;
  const address = addresses.get(file.target_address_id ?? '') ?? null;
  return {
    file, today: legalDay(context.now), policy: catalogue().policy, movers, parts, new_person: newPersonOf(file.answers), applicant: personOf(file.applicant_person_id),
    persons: found.persons, origins: found.origins, target_household: found.target, households: found.households, records: found.records, address, kin: found.kin, holds, dwelling, past, sources, opinions, enquiries, card,
    papers: papers.map(paperFacts), arrivals: arrivalsOf(papers),
    offices: await officesToName(context, file, found.people, [address?.station_code, ...past.likely_same.map((one) => one.station_code)]),
    materials: settleMaterials(file, service, supplied, { movers, parts, applicant: personOf(file.applicant_person_id), target_members: found.target?.members ?? [], kin: found.kin, sources: [...sources, ...ownAnswers(papers, card)], enquired: enquiries.length > 0, commitments_barred_until: barred }, context.now),
    move: found.move,
  };
}

const nothingBefore: PastFacts = { registered_since: null, likely_same: [], document_used: false };

/** Papers that serve once, as the rule on them names them. */
async function pastOf(context: Context, file: CaseFile, asks: ReadonlySet<PreconditionRule>): Promise<PastFacts> {
  const newcomer = newPersonOf(file.answers);
  const subject = file.parts.find((part) => part.part === 'subject')?.person_id ?? null;
  const [since, same, used] = await Promise.all([
    asks.has('birth_date_evidence_is_older') && subject !== null ? registeredSince(context, subject) : null,
    asks.has('no_likely_duplicate') && newcomer !== null ? findLikelySame(context, newcomer) : [],
    asks.has('birth_certificate_is_unused') && newcomer?.birth_certificate_no != null ? findUsedDocuments(context, [{ kind: 'birth_certificate', number: newcomer.birth_certificate_no }]) : [],
  ]);
  return { registered_since: since, likely_same: same, document_used: used.some((document) => document.case_id !== file.case_id) };
}

function enquiriesFor(context: Context, case_id: string): Promise<EnquiryFacts[]> {
  return context.query<EnquiryFacts>('select result, enquired_on::text as enquired_on from cases.enquiry where case_id = $1 order by number limit 50', [case_id]);
}

async function cardOf(context: Context, file: CaseFile): Promise<CardFacts | null> {
  const subject = file.parts.find((part) => part.part === 'subject')?.person_id ?? null;
  const [facts] = subject === null ? [] : await cardFacts(context, [subject]);
  if (facts === undefined) return null;
  return { in_production: facts.application !== null && facts.application.case_id !== file.case_id, applied_for: facts.application !== null, valid_until_on: facts.card?.state === 'in_force' ? facts.card.valid_until_on : null, in_force: facts.card?.state === 'in_force' };
}

/** Papers of migration that the answers name, those of the case, and the certificate that answers its permit. */
async function papersFor(context: Context, file: CaseFile, service: Service): Promise<Paper[]> {
  const named = ['permit_no', 'migration_certificate_no'].flatMap((answer) => (typeof file.answers[answer] === 'string' ? [file.answers[answer]] : []));
  if (named.length === 0 && service.effect !== 'arrive_from_province') return [];
  const [own, ...others] = await Promise.all([papersOfCase(context, file.case_id), ...named.map((number) => findPaper(context, number))]);
  const permit = own.find((paper) => paper.kind === 'move_in_permit');
  const answering = permit === undefined ? undefined : await findCertificateOfPermit(context, permit.number);
  return [...own, ...others, answering].filter((paper) => paper !== undefined).filter((paper, at, all) => all.findIndex((one) => one.number === paper.number) === at);
}

const paperFacts = (paper: Paper): PaperFacts => ({ kind: paper.kind, number: paper.number, state: paper.state, valid_until_on: paper.valid_until_on, is_ours: paper.is_ours, state_case_id: paper.state_case_id, id_numbers: paper.movers.map((mover) => mover.id_number) });

/** What another province's certificate says of its people. */
function arrivalsOf(papers: readonly Paper[]): ArrivalFacts[] {
  const certificate = papers.find((paper) => paper.kind === 'migration_certificate' && !paper.is_ours);
  return (certificate?.movers ?? []).map(({ id_number, name, sex, birth_on, items }) => ({
    id_number, name, sex, birth_on, former_name: items['former_name'] ?? null, ethnicity: items['ethnicity'] ?? '', birthplace: items['birthplace'] ?? null, native_place: items['native_place'] ?? null, blood_type: items['blood_type'] ?? null,
  }));
}

/** Findings name offices only where another one stands in the way; most cases ask nothing. */
async function officesToName(context: Context, file: CaseFile, people: readonly MoverFacts[], stations: readonly (string | undefined)[]): Promise<ReadonlyMap<string, string>> {
  const codes = new Set(people.flatMap((person) => person.leases.filter((lease) => lease.case_id !== file.case_id).map((lease) => lease.org_code)));
  for (const station of stations) if (station !== undefined && station !== file.target_org) codes.add(station);
  if (codes.size === 0) return new Map();
  return new Map([...await findOrganisations(context, [...codes])].map(([code, office]) => [code, office.name]));
}

/**
 * For a case that has ended: what was declared, and the materials as they were settled. The register is not opened
 * again for it; its people may long be elsewhere.
 */
export async function recall(context: Context, { file, service }: OpenedCase): Promise<ShownFacts> {
  const [supplied, addresses, [settled]] = await Promise.all([
    suppliedFor(context, file.case_id),
    file.target_address_id === null ? new Map<string, never>() : findAddresses(context, [file.target_address_id]),
    context.query<{ materials: Omit<MaterialState, 'attachments'>[] }>(
      `select detail -> 'materials' as materials from cases.case_event where case_id = $1 and act in ('accept', 'execute') order by sequence desc limit 1`, [file.case_id]),
  ]);
  const attachmentsOf = (code: string) => supplied.find((row) => row.code === code)?.attachments ?? [];
  return {
    file, movers: file.movers.map((mover) => ({ ...mover, person: null })), address: addresses.get(file.target_address_id ?? '') ?? null,
    materials: settled?.materials.map((material) => ({ ...material, attachments: attachmentsOf(material.code) }))
      ?? settleMaterials(file, service, supplied, { movers: [], parts: {}, applicant: null, target_members: [], kin: [], sources: await answersFor(context, file.case_id), enquired: false, commitments_barred_until: null }, context.now),
  };
}
