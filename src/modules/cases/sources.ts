/**
 * What a case asks of sources outside of the register: for every material of the service that a source may replace, and
 * for every rule that rests on one, the questions that its answers allow. Asked by the worker after the submission and
 * after corrections, and again when an officer wishes; rules and materials read what was stored.
 */
import { Refusal, type Context, type InputOf, type Subscriptions } from '../../kernel/index.ts';
import { legalDay } from '../../kernel/clock.ts';
import { askSources, isSource, type Question, type SourceAnswer, type SourceName, type StoredAnswer } from '../agencies/index.ts';
import { catalogue, conditions, type Answers, type PreconditionRule, type Service } from '../catalogue/index.ts';
import { requestPaper, type Paper } from '../permits/index.ts';
import { findAddresses } from '../reference/index.ts';
import type { contract } from './contract.ts';
import { admitOfficer } from './duty.ts';
import type { CardFacts } from './facts.ts';
import { openFile, openStates, type CaseFile, type OpenedCase } from './file.ts';

interface Asked {
  matter: string;
  fields: Record<string, string>;
}

/** What the questions are made of: the answers, the people they name, the address in words. */
interface Declared {
  file: Pick<CaseFile, 'applicant_name' | 'applicant_id_number'>;
  answers: Answers;
  /** Whose registration changes; the applicant where the answers name nobody. */
  people: readonly { name: string; id_number: string }[];
  address_line: string;
}

const text = (answers: Answers, name: string): string => (typeof answers[name] === 'string' ? answers[name] : '');

/** Nothing is asked about a document whose number nobody has given. */
const withNumber = (matter: string, number: string, fields: Record<string, string>): Asked[] => (number === '' ? [] : [{ matter, fields }]);

const forEach = (declared: Declared, ask: (person: { name: string; id_number: string }) => Asked[]): Asked[] => declared.people.flatMap(ask);

function marriageOf({ people, answers }: Declared, matter: 'marriage' | 'divorce'): Asked[] {
  // Whoever joins a husband or wife names the head; a child that joins a divorced parent is not whom the head divorced.
  const joined = (item: 'name' | 'id_number'): string => (matter === 'marriage' ? text(answers, `target_head_${item}`) : '');
  const couple = text(answers, 'father_id_number') !== '' && text(answers, 'mother_id_number') !== ''
    ? { name: text(answers, 'father_name'), id_number: text(answers, 'father_id_number'), spouse_name: text(answers, 'mother_name'), spouse_id_number: text(answers, 'mother_id_number') }
    : { ...people[0], spouse_name: text(answers, 'spouse_name') || joined('name'), spouse_id_number: text(answers, 'spouse_id_number') || joined('id_number') };
  if (!couple.id_number || !couple.spouse_id_number) return [];
  return [{ matter, fields: { name: couple.name ?? '', id_number: couple.id_number, spouse_name: couple.spouse_name, spouse_id_number: couple.spouse_id_number, certificate_no: text(answers, 'marriage_certificate_no') } }];
}

const deathOf = (declared: Declared, matter: string): Asked[] => forEach(declared, (person) => [{ matter, fields: { ...person, died_on: text(declared.answers, 'died_on'), certificate_no: text(declared.answers, 'death_certificate_no') } }]);

const dwellingOf = ({ file, address_line }: Declared, matter: string): Asked[] => (address_line === '' ? [] : [{ matter, fields: { owner_name: file.applicant_name, owner_id_number: file.applicant_id_number, address: address_line } }]);

function graduationOf(declared: Declared): Asked[] {
  const { answers } = declared;
  const [number, education] = [text(answers, 'degree_certificate_no'), text(answers, 'new_education')];
  return number === '' && education === '' ? [] : forEach(declared, (person) => [{ matter: 'graduation', fields: { ...person, certificate_no: number, school_name: text(answers, 'school_name'), education } }]);
}

const courtOf = ({ answers, people }: Declared): Asked[] => withNumber('judgment', text(answers, 'court_document_no'), { document_no: text(answers, 'court_document_no'), document_on: text(answers, 'court_document_on'), ...people[0] });

const employerOf = (declared: Declared, matter: string): Asked[] => {
  const [unit, place] = [text(declared.answers, 'unit_code'), text(declared.answers, 'unit_name') || text(declared.answers, 'workplace')];
  return unit === '' && place === '' ? [] : forEach(declared, (person) => [{ matter, fields: { ...person, unit_code: unit, unit_name: place } }]);
};

const unitOf = ({ answers }: Declared): Asked[] => withNumber('organisation', text(answers, 'unit_code'), { unit_code: text(answers, 'unit_code'), unit_name: text(answers, 'unit_name') });

const numbered = (matter: string, answer: string) => (declared: Declared): Asked[] => {
  const number = text(declared.answers, answer);
  return withNumber(matter, number, { document_no: number, ...declared.people[0] });
};

const identityOf = (declared: Declared): Asked[] => forEach(declared, (person) => [{ matter: 'identity', fields: { ...person } }]);

/** The questions for one material, by the source that may replace it; what is not here is not asked online. */
const forMaterial: Partial<Record<SourceName, Record<string, (declared: Declared) => Asked[]>>> = {
  health_birth: {
    M03: ({ answers }) => withNumber('birth_certificate', text(answers, 'child_birth_certificate_no'), {
      certificate_no: text(answers, 'child_birth_certificate_no'), child_name: text(answers, 'child_name'), child_sex: text(answers, 'child_sex'), child_birth_on: text(answers, 'child_birth_on'),
      mother_name: text(answers, 'mother_name'), mother_id_number: text(answers, 'mother_id_number'),
    }),
  },
  health_death: { M07: (declared) => withNumberOf(declared, 'death_certificate_no', deathOf(declared, 'death_certificate')) },
  incident: { M08: (declared) => deathOf(declared, 'unnatural_death') },
  funeral: { M11: (declared) => deathOf(declared, 'funeral') },
  court: { M10: courtOf, M39: courtOf, M56: courtOf },
  adoption: {
    M12: numbered('adoption', 'adoption_certificate_no'),
    M15: numbered('welfare_admission', 'admission_no'),
  },
  notary: { M13: numbered('deed', 'adoption_certificate_no') },
  exit_entry: {
    M17: numbered('travel_document', 'foreign_document_no'), M18: numbered('travel_document', 'foreign_document_no'), M50: numbered('settlement', 'settlement_certificate_no'),
    M51: numbered('settlement', 'settlement_certificate_no'), M52: numbered('nationality', 'nationality_certificate_no'), M53: numbered('nationality', 'nationality_certificate_no'),
    M55: numbered('settlement', 'settlement_certificate_no'),
  },
  marriage: { M04: (declared) => marriageOf(declared, 'marriage'), M21: (declared) => marriageOf(declared, 'marriage'), M39: (declared) => marriageOf(declared, 'divorce'), M48: (declared) => marriageOf(declared, 'marriage') },
  ethnic_affairs: { M45: numbered('approval', 'opinion_no') },
  education_enrolment: {
    M32: (declared) => withNumberOf(declared, 'admission_no', forEach(declared, (person) => [{ matter: 'enrolment', fields: { ...person, document_no: text(declared.answers, 'admission_no'), school_name: text(declared.answers, 'school_name') } }])),
  },
  education_graduation: { M30: graduationOf, M33: graduationOf, M48: graduationOf },
  human_resources: { M28: (declared) => employerOf(declared, 'employment'), M29: (declared) => employerOf(declared, 'insurance'), M31: (declared) => forEach(declared, (person) => [{ matter: 'qualification', fields: { ...person } }]), M48: (declared) => employerOf(declared, 'employment') },
  real_estate: { M24: (declared) => dwellingOf(declared, 'title'), M25: (declared) => dwellingOf(declared, 'purchase'), M26: (declared) => dwellingOf(declared, 'lease') },
  organisation: { M34: unitOf, M62: unitOf },
  veterans: { M54: numbered('discharge', 'discharge_no') },
  military: { M49: numbered('enlistment', 'enlistment_no') },
  national_population: {
    M02: identityOf, M69: ({ file }) => [{ matter: 'identity', fields: { name: file.applicant_name, id_number: file.applicant_id_number } }],
    M63: ({ answers }) => withNumber('identity', text(answers, 'manager_id_number'), { name: text(answers, 'manager_name'), id_number: text(answers, 'manager_id_number') }),
    M73: ({ answers }) => withNumber('number_problem', text(answers, 'kept_id_number'), { kept_id_number: text(answers, 'kept_id_number'), id_number: text(answers, 'subject_id_number') }),
  },
};

function withNumberOf({ answers }: Declared, name: string, asked: Asked[]): Asked[] {
  return text(answers, name) === '' ? [] : asked;
}

/** Somebody who is not in the register yet is searched by what is declared of him. */
function searchOf(declared: Declared, matter: string): Asked[] {
  const { answers } = declared;
  const newcomer = ['child', 'person'].find((prefix) => text(answers, `${prefix}_name`) !== '');
  if (newcomer === undefined) return forEach(declared, (person) => [{ matter, fields: { ...person } }]);
  return [{ matter, fields: { name: text(answers, `${newcomer}_name`), sex: text(answers, `${newcomer}_sex`), birth_on: text(answers, `${newcomer}_birth_on`), id_number: text(answers, `${newcomer}_id_number`) } }];
}

/** The questions for rules that rest on a source and on no material. Asked of the national population platform. */
const forRule: Partial<Record<PreconditionRule, (declared: Declared) => Asked[]>> = {
  matches_national_platform: identityOf,
  national_search_is_clear: (declared) => searchOf(declared, 'no_other_registration'),
  not_settled_elsewhere: (declared) => searchOf(declared, 'no_other_registration'),
  rescue_search_is_clear: (declared) => searchOf(declared, 'not_missing'),
  number_problem_is_confirmed: (declared) => forEach(declared, (person) => [{ matter: 'number_problem', fields: { ...person } }]),
};

/** Every question that a service asks with these answers, each once. Pure. */
export function questionsOf(service: Service, declared: Declared, today: string): Question[] {
  const wanted = service.materials.filter((requirement) => requirement.required !== 'when' || conditions[requirement.when!](declared.answers, today));
  const ofMaterials = wanted.flatMap(({ code }) => catalogue().materials.get(code)!.verified_by.filter(isSource)
    .flatMap((source) => (forMaterial[source]?.[code]?.(declared) ?? []).map((asked): Question => ({ source, asked_for: code, ...asked }))));
  const ofRules = service.preconditions.flatMap(({ rule }) => (forRule[rule]?.(declared) ?? []).map((asked): Question => ({ source: 'national_population', asked_for: rule, ...asked })));
  return [...ofMaterials, ...ofRules];
}

/** Materials that our own papers and cards stand in for, by the kind of paper. */
const paperMaterials = { M35: 'move_in_permit', M36: 'migration_certificate' } as const;

/** What the papers of migration and the cards that we keep say of a case, in the words of a source. Pure. */
export function ownAnswers(papers: readonly Paper[], card: CardFacts | null): StoredAnswer[] {
  const said = (source: string, asked_for: string, answer: SourceAnswer, reference: string | null, at: Date | null): StoredAnswer => ({
    query_id: '', source, matter: 'kept_here', asked_for, answer, differing: answer === 'mismatch' ? ['state'] : [], reference, contract: source, asked_at: at, answered_at: at, is_open: false,
  });
  // A paper that ran out is one all the same: whether it still serves is for the rule about it.
  const ofPapers = Object.entries(paperMaterials).flatMap(([code, kind]) => papers.filter((paper) => paper.kind === kind)
    .map((paper) => said('permits', code, paper.state === 'issued' || paper.state === 'expired' ? 'match' : 'mismatch', paper.number, paper.state_at)));
  return card?.applied_for ? [...ofPapers, said('cards', 'M67', 'match', null, null)] : ofPapers;
}

async function askFor(context: Context, { file, service }: OpenedCase, again: boolean): Promise<void> {
  const address = file.target_address_id === null ? undefined : (await findAddresses(context, [file.target_address_id])).get(file.target_address_id);
  const people = file.movers.length > 0 ? file.movers : file.parts.filter((part) => part.part === 'subject');
  const declared: Declared = {
    file, answers: file.answers, address_line: address?.line ?? '',
    people: (people.length > 0 ? people : [{ name: file.applicant_name, id_number: file.applicant_id_number }]).map(({ name, id_number }) => ({ name, id_number })),
  };
  // A permit or certificate of another province that the answers name is fetched, so that its people are known when the officer opens the case.
  for (const name of ['permit_no', 'migration_certificate_no']) {
    const number = text(file.answers, name);
    if (number !== '') await requestPaper(context, { number, org_code: file.target_org });
  }
  await askSources(context, { case_id: file.case_id, org_code: file.target_org, questions: questionsOf(service, declared, legalDay(context.now)), again });
}

async function askWhileOpen(context: Context, case_id: string, again: boolean): Promise<void> {
  const opened = await openFile(context, { case_id });
  if (openStates.includes(opened.file.state)) await askFor(context, opened, again);
}

/** Answers were declared or corrected: the sources are asked about them. Listens to the case's own news. */
export async function askAfterDeclaring(context: Context, { case_id, act }: { case_id: string; act: string }): Promise<void> {
  if (act === 'submit' || act === 'answer_supplement') await askWhileOpen(context, case_id, false);
}

export const sourceSubscriptions: Subscriptions = {
  'cases.sources_wanted': (context: Context, { case_id }: { case_id: string }) => askWhileOpen(context, case_id, true),
};

/**
 * Has everything asked anew: a source was down, or is said to have been corrected. The office that decides asks, whoever wished it.
 * @throws Refusal cases.not_found, cases.act_not_now
 */
export async function askSourcesAgain(context: Context, { case_id }: InputOf<typeof contract.askSources>): Promise<{ case_id: string }> {
  const opened = await openFile(context, { case_id });
  admitOfficer(context, 'cases.accept_case', opened.service);
  if (!openStates.includes(opened.file.state)) throw new Refusal('cases.act_not_now', { state: opened.file.state, state_en: opened.file.state, act: '重新核验', act_en: 'asking the sources again' });
  context.audit({ case_id });
  context.emit('cases.sources_wanted', { case_id });
  return { case_id };
}
