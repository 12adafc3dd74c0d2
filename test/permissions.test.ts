/**
 * Who may ask what of the workstation. The two tables below are written by hand, from the duties of the posts and
 * not from the program: which right each operation asks for, and which rights each post has. Every operation that
 * the program mounts is tried by every post at every distance from the matter; one that is not in the table fails.
 */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId, type BoundOperation } from '../src/kernel/index.ts';
import { officerCookie, seedDemoOfficers } from '../src/modules/accounts/index.ts';
import { composePaper, type Composed } from '../src/modules/documents/index.ts';
import { officeOperations } from '../src/programs/office.ts';
import { headOf, mayMoveWhole, officesOf, openMove, takeFamily, type Family } from './harness/case-at-work.ts';
import { declareMove } from './harness/moves.ts';
import { demoWorld, type World } from './harness/world.ts';

/* ---- What each post may do -------------------------------------------------------------------------------------- */

const looksUp = ['population.search_persons', 'population.get_person', 'population.get_household', 'population.find_person_by_number'];
const followsCases = ['cases.list_queue', 'cases.get_case', 'cases.read_messages', 'documents.get_notice'];
const takesIn = ['cases.open_case', 'cases.claim_case', 'cases.accept_case', 'cases.request_supplement', 'cases.refuse_acceptance', 'cases.withdraw_case'];
const decides = ['cases.claim_case', 'cases.approve_step', 'cases.return_step'];
/** Whoever works on steps: takes back, passes on, answers what is asked, asks for time. */
const works = ['cases.recall_act', 'cases.transfer_step', 'cases.answer_task', 'cases.ask_extension'];
const takesInAndWorks = [...works, 'cases.urge_case', 'cases.void_case'];
const leads = [...works, 'cases.countersign_step', 'cases.delegate_check', 'cases.settle_task', 'cases.urge_case', 'cases.void_case'];
const arrangesCover = ['accounts.list_officers', 'accounts.grant_leave_cover'];
/** Permits and certificates between provinces. */
const readsPapers = ['permits.list_papers', 'permits.get_paper'];
const handsOutCards = ['cards.list_applications', 'cards.settle_fee', 'cards.hand_over_card', 'cards.keep_found_card'];
const supervises = ['population.get_person', 'population.get_household', ...followsCases, 'exchange.read_counters', 'agencies.read_sources', 'cases.urge_case', 'cases.supervise_case', 'cases.settle_task'];

interface Post {
  level: 'STATION' | 'COUNTY' | 'PREFECTURE' | 'PROVINCE' | 'SYSTEM';
  rights: string[];
  /** Rights that the post has for other services, but not for a move between prefectures (0503). */
  not_for_moves?: string[];
}
const posts: Record<string, Post> = {
  station_officer: { level: 'STATION', rights: [...looksUp, ...followsCases, ...takesIn, ...takesInAndWorks, 'cases.verify_step', 'cases.confirm_out', 'cases.object_out', 'cases.execute_case', 'cases.hand_over_case', 'cases.record_recheck', 'documents.print_paper', ...readsPapers, 'permits.close_alarm', ...handsOutCards] },
  station_chief: { level: 'STATION', rights: [...looksUp, ...followsCases, ...decides, ...leads, ...arrangesCover, 'cases.review_step', 'cases.record_recheck', 'documents.print_paper', 'documents.void_paper', ...readsPapers, 'cards.list_applications'], not_for_moves: ['cases.approve_step'] },
  community_officer: {
    level: 'STATION', rights: [...looksUp, ...followsCases, 'cases.open_case', 'cases.claim_case', 'cases.accept_case', 'cases.request_supplement', 'cases.refuse_acceptance', 'cases.verify_step', 'cases.return_step', 'cases.execute_case', ...works, 'cases.delegate_check', 'documents.print_paper', 'cards.keep_found_card'],
    not_for_moves: ['cases.open_case', 'cases.claim_case', 'cases.accept_case', 'cases.request_supplement', 'cases.refuse_acceptance', 'cases.verify_step', 'cases.return_step', 'cases.execute_case'],
  },
  counter_assistant: { level: 'STATION', rights: ['population.get_person', 'population.get_household', 'population.find_person_by_number', 'cases.list_queue', 'cases.get_case', 'cases.open_case', 'documents.get_notice', 'documents.print_paper'] },
  station_archivist: {
    level: 'STATION', rights: [...followsCases, 'cases.claim_case', 'cases.execute_case', 'cases.transfer_step', 'cases.deliver_copy', 'documents.print_paper'],
    not_for_moves: ['documents.get_notice', 'cases.list_queue', 'cases.get_case', 'cases.claim_case', 'cases.execute_case', 'cases.transfer_step', 'cases.deliver_copy'],
  },
  county_section_officer: { level: 'COUNTY', rights: [...looksUp, ...followsCases, ...takesIn, ...takesInAndWorks, 'cases.approve_step', 'cases.return_step', 'cases.record_recheck', 'documents.print_paper', ...readsPapers, 'permits.close_alarm', 'cards.list_applications'], not_for_moves: ['cases.approve_step', 'cases.return_step'] },
  county_section_chief: { level: 'COUNTY', rights: [...looksUp, ...followsCases, ...decides, ...leads, 'cases.supervise_case', 'cases.review_step', 'documents.void_paper', ...readsPapers, 'cards.list_applications'], not_for_moves: ['cases.review_step'] },
  county_deputy_chief: { level: 'COUNTY', rights: [...looksUp, ...followsCases, ...decides, ...leads, ...arrangesCover, 'cases.supervise_case', 'cases.grant_extension', 'cases.review_step', 'documents.void_paper'], not_for_moves: ['cases.review_step'] },
  county_supervisor: { level: 'COUNTY', rights: supervises },
  prefecture_division_officer: { level: 'PREFECTURE', rights: [...looksUp, ...followsCases, ...takesIn, ...takesInAndWorks, 'documents.print_paper', ...readsPapers, 'permits.close_alarm'], not_for_moves: takesIn },
  prefecture_division_chief: { level: 'PREFECTURE', rights: [...looksUp, ...followsCases, ...decides, ...leads, ...arrangesCover, 'cases.supervise_case', 'cases.grant_extension'], not_for_moves: decides },
  prefecture_supervisor: { level: 'PREFECTURE', rights: supervises },
  province_bureau_officer: { level: 'PROVINCE', rights: [...looksUp, ...followsCases, 'exchange.read_counters', ...readsPapers, 'permits.close_alarm', 'agencies.read_sources', 'agencies.retry_source'] },
  province_bureau_chief: { level: 'PROVINCE', rights: [...looksUp, ...followsCases, ...decides, ...leads, 'cases.supervise_case', 'cases.grant_extension', 'exchange.read_counters'], not_for_moves: decides },
  province_supervisor: { level: 'PROVINCE', rights: supervises },
  system_admin: { level: 'SYSTEM', rights: ['accounts.list_officers', 'accounts.manage_officers', 'exchange.read_counters', 'agencies.read_sources', 'agencies.retry_source'] },
  security_admin: { level: 'SYSTEM', rights: ['accounts.list_officers', 'accounts.manage_posts', 'accounts.grant_leave_cover', 'exchange.read_counters', 'exchange.release_parcel'] },
  audit_admin: { level: 'SYSTEM', rights: ['accounts.list_officers', 'accounts.read_audit'] },
};

/* ---- Where a post may be, seen from the station that handles the matter -------------------------------------------- */

/** The matter: a case of station 530102510000 about people registered at 532901500000. */
const own = '530102510000';
const origin = '532901500000';
const places = {
  'own station': { org_code: own, level: 'STATION' }, 'other station of the county': { org_code: '530102520000', level: 'STATION' }, 'station of another county': { org_code: '530111500000', level: 'STATION' },
  'station of the origin': { org_code: origin, level: 'STATION' },
  'county above': { org_code: '530102000000', level: 'COUNTY' }, 'another county': { org_code: '530111000000', level: 'COUNTY' }, 'county of the origin': { org_code: '532901000000', level: 'COUNTY' },
  'prefecture above': { org_code: '530100000000', level: 'PREFECTURE' }, 'prefecture of the origin': { org_code: '532900000000', level: 'PREFECTURE' },
  province: { org_code: '530000000000', level: 'PROVINCE' },
} as const;
type Place = keyof typeof places;
/** Administrators may sit anywhere; these stand for below, beside, above and at the top. */
const administered = new Set<Place>(['own station', 'another county', 'county above', 'province']);
const overDestination = new Set<Place>(['own station', 'county above', 'prefecture above', 'province']);
const overOrigin = new Set<Place>(['station of the origin', 'county of the origin', 'prefecture of the origin', 'province']);

/* ---- What each operation asks for, and what whoever may ask it is answered ------------------------------------------- */

type Answer = `${number}` | `${number} ${string}`;
interface Asked {
  /** `public`, `officer` (anybody signed in), or a right. */
  right: string;
  input?: Record<string, unknown>;
  /** The answer to whoever has the right and reaches the matter. Acts name a case version that never was, so that none happens. */
  answer: Answer;
  /** Who reaches the matter; everybody when left out. Others are answered as if it did not exist. */
  reach?: { by: (place: Place) => boolean; otherwise: Answer };
  /** The matter is of a service, which the right must cover; what whoever's right does not is answered. */
  of_service?: Answer;
}

let world: World;
let family: Family;
const matter = { case_id: '', accepted_id: '', document_id: '', message_id: '', officer_id: '', post_id: '', person_id: '', household_id: '', local_person_id: '', local_household_id: '', local_number: '', local_name: '' };

const onCase = (right: string, answer: Answer, input: Record<string, unknown> = {}): Asked => ({ right, input: { ...input, case_id: '{case_id}' }, answer, of_service: '403 cases.service_not_yours', reach: { by: (place) => overDestination.has(place), otherwise: '404 cases.not_found' } });
const actOnCase = (right: string, input: Record<string, unknown> = {}): Asked => onCase(right, '409 cases.stale', { ...input, case_version: 99 });
const manages = (right: string, input: Record<string, unknown>): Asked => ({ right, input, answer: '403 accounts.confirm_again' });
const releases = (path: Record<string, unknown>, answer: Answer): Asked => ({ right: 'exchange.release_parcel', input: path, answer });
const reason = '申请人改变主意';
const onCard = (right: string, input: Record<string, unknown> = {}): Asked => ({ right, input: { ...input, application_id: randomUUID() }, answer: '404 cards.application_not_found' });

const table: Record<string, Asked> = {
  'office.getSetup': { right: 'public', answer: '200' },
  'accounts.signIn': { right: 'public', input: { police_number: '{unknown_number}', password: 'x' }, answer: '401 accounts.sign_in_failed' },
  'accounts.verifyCode': { right: 'public', input: { challenge: 'x', code: '000000' }, answer: '401 accounts.challenge_expired' },
  'accounts.getPasskeyOptions': { right: 'public', input: { challenge: 'x' }, answer: '401 accounts.challenge_expired' },
  'accounts.verifyPasskey': { right: 'public', input: { challenge: 'x', response: { id: 'x', rawId: 'x', type: 'public-key', response: {}, clientExtensionResults: {} } }, answer: '401 accounts.challenge_expired' },
  'accounts.signInByCertificate': { right: 'public', answer: '401 accounts.certificate_refused' },
  'accounts.enrol': { right: 'public', input: { police_number: '{unknown_number}', enrolment_code: 'x', password: 'huzheng-2026' }, answer: '401 accounts.enrolment_failed' },
  'accounts.me': { right: 'officer', answer: '200' },
  'accounts.switchPost': { right: 'officer', input: { post_id: randomUUID() }, answer: '404 kernel.not_found' },
  'accounts.getConfirmationOptions': { right: 'officer', answer: '200' },
  'accounts.confirm': { right: 'officer', input: { code: '000000' }, answer: '401 accounts.code_refused' },
  'accounts.getPasskeyRegistration': { right: 'officer', answer: '403 accounts.confirm_again' },
  'accounts.addPasskey': { right: 'officer', input: { label: 'x', response: { id: 'x', rawId: 'x', type: 'public-key', response: {}, clientExtensionResults: {} } }, answer: '403 accounts.confirm_again' },
  'accounts.removePasskey': { right: 'officer', input: { credential_id: 'x' }, answer: '403 accounts.confirm_again' },
  'accounts.listRoles': { right: 'officer', answer: '200' },
  'accounts.listOfficers': { right: 'accounts.list_officers', answer: '200' },
  'accounts.registerOfficer': manages('accounts.manage_officers', { police_number: '990001', name: '某某', kind: 'police', org_code: own }),
  'accounts.renewEnrolment': manages('accounts.manage_officers', { officer_id: '{officer_id}' }),
  'accounts.endService': manages('accounts.manage_officers', { officer_id: '{officer_id}' }),
  'accounts.addCertificate': manages('accounts.manage_officers', { officer_id: '{officer_id}', certificate: 'x' }),
  'accounts.revokeCertificate': manages('accounts.manage_officers', { officer_id: '{officer_id}', fingerprint: '0'.repeat(64) }),
  'accounts.assignPost': manages('accounts.manage_posts', { officer_id: '{officer_id}', role: 'station_officer', org_code: own, valid_from: '2027-01-01' }),
  'accounts.endPost': manages('accounts.manage_posts', { post_id: '{post_id}' }),
  'accounts.grantLeaveCover': manages('accounts.grant_leave_cover', { post_id: '{post_id}', officer_id: '{officer_id}', valid_from: '2026-12-01', valid_to: '2026-12-02', document_no: 'x' }),
  'accounts.endLeaveCover': manages('accounts.grant_leave_cover', { cover_id: randomUUID() }),
  'accounts.listLeaveCovers': { right: 'accounts.grant_leave_cover', answer: '200' },
  'accounts.listAudit': { right: 'accounts.read_audit', answer: '200' },

  'reference.searchAreas': { right: 'public', input: { query: '昆明' }, answer: '200' },
  'reference.listAreaChildren': { right: 'public', answer: '200' },
  'reference.searchAddresses': { right: 'public', input: { query: '安居路', station_code: own }, answer: '200' },
  'reference.listCodes': { right: 'public', input: { list: 'sex' }, answer: '200' },
  'reference.searchOrganisations': { right: 'public', input: { query: '昆明' }, answer: '200' },
  'reference.getOrganisation': { right: 'public', input: { org_code: own }, answer: '200' },

  'exchange.getCounters': { right: 'exchange.read_counters', answer: '200' },
  'exchange.listQuarantine': { right: 'exchange.read_counters', answer: '200' },
  'exchange.retryParcel': releases({ sequence: 999_999 }, '404 exchange.parcel_not_found'),
  'exchange.releaseParcel': releases({ sequence: 999_999, reason }, '404 exchange.parcel_not_found'),
  'exchange.discardParcel': releases({ sequence: 999_999, reason }, '404 exchange.parcel_not_found'),
  'exchange.skipGap': releases({ sequence: 999_999, reason }, '404 exchange.gap_not_found'),
  'exchange.closeAlarm': releases({ alarm_id: randomUUID(), note: reason }, '409 exchange.alarm_not_open'),

  'population.searchPersons': { right: 'population.search_persons', input: { id_number: '{local_number}' }, answer: '200' },
  'population.findPersonByNumber': { right: 'population.find_person_by_number', input: { id_number: '{local_number}', name: '{local_name}' }, answer: '200' },
  'population.getPerson': { right: 'population.get_person', input: { person_id: '{local_person_id}' }, answer: '200', reach: { by: (place) => overDestination.has(place), otherwise: '404 population.person_not_found' } },
  'population.getHousehold': { right: 'population.get_household', input: { household_id: '{local_household_id}' }, answer: '200', reach: { by: (place) => overDestination.has(place), otherwise: '404 population.household_not_found' } },

  'documents.listPapers': { right: 'documents.get_notice', input: { case_id: '{case_id}' }, answer: '200', of_service: '403 documents.service_not_yours', reach: { by: (place) => overDestination.has(place), otherwise: '200' } },
  'documents.printPaper': { right: 'documents.print_paper', input: { document_id: '{document_id}' }, answer: '200', of_service: '403 documents.service_not_yours', reach: { by: (place) => overDestination.has(place), otherwise: '404 documents.not_found' } },
  'documents.voidPaper': { right: 'documents.void_paper', input: { document_id: randomUUID(), reason }, answer: '404 documents.not_found' },
  'documents.getNotice': { right: 'documents.get_notice', input: { document_id: '{document_id}' }, answer: '200', of_service: '403 documents.service_not_yours', reach: { by: (place) => overDestination.has(place), otherwise: '404 documents.not_found' } },

  'agencies.listSources': { right: 'agencies.read_sources', answer: '200' },
  'agencies.retrySource': { right: 'agencies.retry_source', input: { source: 'none' }, answer: '404 agencies.source_unknown' },
  'permits.listPapers': { right: 'permits.list_papers', answer: '200' },
  'permits.getPaper': { right: 'permits.get_paper', input: { number: '53Z202600000001' }, answer: '404 permits.paper_unknown' },
  'permits.fetchPaper': { right: 'permits.get_paper', input: { number: '51Q202600000404' }, answer: '200' },
  'permits.listAlarms': { right: 'permits.close_alarm', answer: '200' },
  'permits.closeAlarm': { right: 'permits.close_alarm', input: { alarm_id: randomUUID(), finding: reason }, answer: '409 permits.alarm_not_open' },
  'cards.listApplications': { right: 'cards.list_applications', answer: '200' },
  'cards.getCardsOfPerson': { right: 'cards.list_applications', input: { person_id: randomUUID() }, answer: '200' },
  'cards.settleFee': onCard('cards.settle_fee', { outcome: 'paid', note: reason }),
  'cards.handOverCard': onCard('cards.hand_over_card', { receiver_name: '某某', receiver_relation: 'self', check_kind: 'portrait', check_result: 'match', old_card: 'none' }),
  'cards.dispatchCard': onCard('cards.hand_over_card', { courier_no: 'SF123456', receiver_name: '某某', old_card: 'none' }),
  'cards.confirmDelivery': onCard('cards.hand_over_card'),
  'cards.reorderCard': onCard('cards.hand_over_card'),
  'cards.cancelCard': onCard('cards.hand_over_card', { reason }),
  'cards.withdrawLoss': { right: 'cards.hand_over_card', input: { report_no: 'G5301022026000001' }, answer: '409 cards.loss_not_open' },
  'cards.keepFoundCard': { right: 'cards.keep_found_card', input: { id_number: '1' }, answer: '422 cards.number_wrong' },
  'cards.listFoundCards': { right: 'cards.keep_found_card', answer: '200' },
  'cards.settleFoundCard': { right: 'cards.keep_found_card', input: { found_id: randomUUID(), outcome: 'returned', note: reason }, answer: '409 cards.found_not_kept' },

  'cases.countQueues': { right: 'cases.list_queue', answer: '200' },
  'cases.listQueue': { right: 'cases.list_queue', answer: '200' },
  'cases.listReasons': { right: 'cases.list_queue', answer: '200' },
  'cases.listServices': { right: 'cases.list_queue', answer: '200' },
  'cases.getService': { right: 'cases.list_queue', input: { service_code: '0503' }, answer: '200' },
  'cases.listMessages': { right: 'cases.read_messages', answer: '200' },
  'cases.markMessageRead': { right: 'cases.read_messages', input: { message_id: '{message_id}' }, answer: '200', reach: { by: (place) => place === 'own station', otherwise: '404 kernel.not_found' } },
  'cases.getCase': onCase('cases.get_case', '200'),
  'cases.getTimeline': onCase('cases.get_case', '200'),
  'cases.getRouteBpmn': onCase('cases.get_case', '200'),
  'cases.getAttachment': onCase('cases.get_case', '404 cases.attachment_unknown', { sha256: '0'.repeat(64) }),
  'cases.openAttachment': onCase('cases.get_case', '404 cases.attachment_unknown', { sha256: '0'.repeat(64) }),
  'cases.listRechecks': { right: 'cases.record_recheck', answer: '200' },
  'cases.recordRecheck': onCase('cases.record_recheck', '404 cases.recheck_unknown', { code: 'M27', result: 'kept', evidence: reason }),
  'cases.openCase': { right: 'cases.open_case', input: { service_code: 'none', applicant_name: '某某', applicant_id_number: '0', applicant_phone: '0', answers: {} }, answer: '422 cases.service_unknown' },
  'cases.claimCase': actOnCase('cases.claim_case'),
  'cases.releaseCase': actOnCase('cases.claim_case'),
  'cases.acceptCase': actOnCase('cases.accept_case'),
  'cases.askSources': onCase('cases.accept_case', '200'),
  'cases.requestSupplement': actOnCase('cases.request_supplement', { items: [{ subject: 'M24', zh: '请补交产权证。' }] }),
  'cases.answerSupplement': actOnCase('cases.open_case', { answers: {} }),
  'cases.refuseAcceptance': actOnCase('cases.refuse_acceptance', { reason_code: 'not_entitled', reason }),
  'cases.reviewStep': actOnCase('cases.review_step', { agree: true, opinion: reason }),
  'cases.approveStep': actOnCase('cases.approve_step', { agree: true, opinion: reason }),
  'cases.returnStep': actOnCase('cases.return_step', { to_step: 1, reason }),
  'cases.verifyStep': actOnCase('cases.verify_step', { result: 'confirmed', people_met: ['某某'], enquired_on: '2026-11-20', findings: reason }),
  'cases.recallAct': actOnCase('cases.recall_act', { reason }),
  'cases.listColleagues': onCase('cases.transfer_step', '200'),
  'cases.transferStep': actOnCase('cases.transfer_step', { officer_id: '{officer_id}', role: 'station_officer', reason }),
  'cases.countersignStep': actOnCase('cases.countersign_step', { officer_id: '{officer_id}', wanted: reason }),
  'cases.delegateCheck': actOnCase('cases.delegate_check', { units: [own], wanted: reason }),
  'cases.answerTask': actOnCase('cases.answer_task', { task_id: randomUUID(), text: reason }),
  'cases.objectTask': actOnCase('cases.answer_task', { task_id: randomUUID(), reason }),
  'cases.settleTask': actOnCase('cases.settle_task', { task_id: randomUUID(), insist: false, reason }),
  'cases.urgeCase': actOnCase('cases.urge_case', { message: reason }),
  'cases.superviseCase': actOnCase('cases.supervise_case', { reason }),
  'cases.askExtension': actOnCase('cases.ask_extension', { reason }),
  'cases.decideExtension': actOnCase('cases.grant_extension', { grant: true, reason }),
  'cases.voidCase': actOnCase('cases.void_case', { reason }),
  'cases.receiveCertificate': actOnCase('cases.execute_case', { migration_certificate_no: 'T-0001' }),
  'cases.handOverCase': actOnCase('cases.hand_over_case', { received_by: '某某', id_number_last4: '0000' }),
  'cases.deliverCopy': actOnCase('cases.deliver_copy'),
  'cases.confirmOut': actOnCase('cases.confirm_out'),
  'cases.objectOut': actOnCase('cases.object_out', { reason_code: 'wrong_person', reason }),
  'cases.resolveObjection': actOnCase('cases.approve_step', { uphold: true, reason }),
  'cases.executeCase': actOnCase('cases.execute_case'),
  'cases.withdrawCase': actOnCase('cases.withdraw_case', { reason }),
  'cases.withdrawConsent': actOnCase('cases.withdraw_case', { reason }),
  'cases.terminateCase': actOnCase('cases.accept_case', { reason_code: 'duplicate_case', reason }),
  'cases.reverseCase': actOnCase('cases.approve_step', { reason }),
  'counter.findHousehold': { right: 'cases.open_case', input: { service_code: 'none', id_number: '{local_number}', name: '{local_name}' }, answer: '422 cases.service_unknown' },
  'counter.checkEntry': { right: 'cases.open_case', input: { service_code: 'none', applicant_name: '', applicant_id_number: '', answers: {} }, answer: '422 cases.service_unknown' },
  'field.listCommunities': { right: 'population.search_persons', answer: '200' },
  'field.listHouseholds': { right: 'population.search_persons', input: { community_code: '530102001001' }, answer: '200' },
  'field.getSheet': { right: 'population.get_person', input: { person_id: '{local_person_id}' }, answer: '200', reach: { by: (place) => overDestination.has(place), otherwise: '404 population.person_not_found' } },
  // A value that the register never had: whoever reaches the person is told that it says something else.
  'field.saveItems': {
    right: 'cases.execute_case', input: { person_id: '{local_person_id}', changes: [{ item: 'workplace', seen: '从未登记过的单位', value: '某单位' }], told_by: 'self', identity_checked: true, evidence_seen: false, noted_at: '2026-11-23T00:00:00Z' },
    answer: '409 field.items_changed', reach: { by: (place) => overDestination.has(place), otherwise: '404 population.person_not_found' },
  },
  // It ends the session; asked last.
  'accounts.signOut': { right: 'officer', answer: '200' },
};

/* ---- The stage ------------------------------------------------------------------------------------------------------ */

interface Caller {
  role: string;
  place: Place;
  token: string;
}
const callers: Caller[] = Object.entries(posts).flatMap(([role, { level }]) => (Object.keys(places) as Place[])
  .filter((place) => (level === 'SYSTEM' ? administered.has(place) : places[place].level === level)).map((place) => ({ role, place, token: '' })));

let operations: Map<string, BoundOperation['operation']>;

beforeAll(async () => {
  world = await demoWorld();
  operations = new Map(officeOperations({ keys: world.keys.police, office_origin: 'http://localhost', demo: true }).map((bound) => [bound.name, bound.operation]));
  expect(world.bureau.stations).toEqual({ target: own, origin });
  const { officer } = await officesOf(world);
  family = await takeFamily(world, origin, mayMoveWhole);
  const fresh = await openMove(world, officer, family, family.members, '0503');
  const others = await takeFamily(world, origin, mayMoveWhole);
  const accepted = await openMove(world, officer, others, others.members, '0503');
  await accepted.act(officer, 'accept');
  const corrected = await takeFamily(world, origin, mayMoveWhole);
  await (await openMove(world, officer, corrected, corrected.members, '0503')).act(officer, 'supplement', { items: [{ subject: 'M24', zh: '请补交产权证。' }] });
  const { rows: [local] } = await world.police.owner.query('select person_id, household_id, id_number, name from population.person where station_code = $1 and status = $2 and household_id is not null limit 1', [own, '0']);
  const { rows: [post] } = await world.police.owner.query(`select officer_id, post_id from accounts.post where org_code = $1 and role = 'station_chief'`, [own]);
  const message_id = newId();
  await world.police.owner.query(`insert into cases.message (message_id, org_code, at, kind, text) values ($1, $2, $3, 'test', '{"zh":"消息","en":"message"}')`, [message_id, own, world.clock.now()]);
  const { issued: paper } = await world.act('police', (context) => composePaper(context, {
    name: 'receipt', issued_by_org: own, kept_by_org: own, person_ids: [], case: {
      case_id: fresh.id, case_no: '1', case_event: 1, service_code: '0503', service_name: '移居', applicant_name: '某某', is_move: true, is_closed: false, handled_by: '', on: '2026-11-23',
      rows: [], people: [], materials: [], due_on: null, decision: null, correction: null, notice: null, purpose: null,
    },
  })) as Extract<Composed, { issued: unknown }>;
  Object.assign(matter, {
    case_id: fresh.id, accepted_id: accepted.id, document_id: paper.document_id, message_id, officer_id: post.officer_id, post_id: post.post_id, person_id: headOf(family).person_id, household_id: family.household_id,
    local_person_id: local.person_id, local_household_id: local.household_id, local_number: local.id_number, local_name: local.name,
  });
  await enlist();
});
afterAll(() => world.close());

/** Everybody at once, with sessions as a sign-in leaves them; the second factor was proved an hour ago. */
async function enlist(): Promise<void> {
  const ids = await world.act('police', (context) => seedDemoOfficers(context, world.keys.police, callers.map(({ role, place }, index) => ({
    police_number: `97${String(index).padStart(4, '0')}`, name: '测试员', kind: role === 'counter_assistant' ? 'auxiliary' as const : 'police' as const, org_code: places[place].org_code,
    posts: [{ role, org_code: places[place].org_code, valid_from: '2020-01-01' }],
  }))));
  const now = world.clock.now();
  for (const [index, caller] of callers.entries()) {
    caller.token = `token-of-${caller.role}-${index}`;
    await world.police.owner.query(
      `insert into accounts.officer_session (session_id, token_digest, officer_id, post_id, second_factor, created_at, verified_at, last_seen_at, expires_at, ip, user_agent)
       select $1, $2, p.officer_id, p.post_id, 'code', $3::timestamptz - interval '1 hour', $3::timestamptz - interval '1 hour', $3, $3::timestamptz + interval '7 hours', '127.0.0.1', 'test' from accounts.post p where p.officer_id = $4`,
      [newId(), createHash('sha256').update(caller.token).digest('hex'), now, ids.get(`97${String(index).padStart(4, '0')}`)]);
  }
}

let asked = 0;
/** Numbers of nobody, each used once: whoever fails repeatedly for one number has to wait. */
const unknownNumber = (): string => `96${String(++asked).padStart(4, '0')}`;

function filled(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\{\w+\}$/.test(value)) return value;
  return value === '{unknown_number}' ? unknownNumber() : (matter as Record<string, string>)[value.slice(1, -1)];
}

/** Asks one operation; the answer as `status code`. */
async function ask(name: string, token: string | null, changes: Record<string, unknown> = {}): Promise<{ answer: string; body: Record<string, any> }> {
  const { method, path } = operations.get(name)!;
  const input = Object.fromEntries(Object.entries({ ...table[name]!.input, ...changes }).map(([key, value]) => [key, filled(value)]));
  const url = path.replace(/:(\w+)/g, (_, field: string) => {
    const value = String(input[field]);
    delete input[field];
    return encodeURIComponent(value);
  });
  const response = await world.office.inject({
    method, url: method === 'GET' ? `${url}?${new URLSearchParams(input as Record<string, string>)}` : url,
    headers: { ...(method === 'POST' ? { 'content-type': 'application/json' } : {}), 'huzheng-purpose': `verification;;${encodeURIComponent('权限测试核查')}` },
    ...(method === 'POST' ? { payload: input } : {}), ...(token === null ? {} : { cookies: { [officerCookie]: token } }),
  });
  const body = /json/.test(String(response.headers['content-type'])) ? response.json<Record<string, any>>() : {};
  return { answer: response.statusCode === 200 ? '200' : `${response.statusCode} ${body['code']}`, body };
}

function expected(name: string, { role, place }: Caller): string {
  const { right, answer, reach, of_service } = table[name]!;
  const post = posts[role]!;
  if (right !== 'public' && right !== 'officer' && !post.rights.includes(right)) return '403 kernel.not_permitted';
  if (reach !== undefined && !reach.by(place)) return reach.otherwise;
  return of_service !== undefined && post.not_for_moves?.includes(right) ? of_service : answer;
}

/* ---- The tests ------------------------------------------------------------------------------------------------------ */

test('the table names every operation that the workstation mounts, and no other', () => {
  expect([...operations.keys()].sort()).toEqual(Object.keys(table).sort());
});

test('public are exactly these, and each says why', () => {
  const open = [...operations].filter(([, operation]) => operation.permission === 'public').map(([name]) => name);
  expect(open.sort()).toEqual(Object.keys(table).filter((name) => table[name]!.right === 'public').sort());
  expect(open).toHaveLength(13);
  for (const name of open) expect(operations.get(name)!.why_public, name).toMatch(/\w+ \w+/);
});

test('beside the operations there are only signs of life and the pages', () => {
  const routes = world.office.printRoutes({ commonPrefix: false }).split('\n').flatMap((line) => /(\/\S*) \((.*)\)/.exec(line)?.[1] ?? []);
  const paths = new Set([...operations.values()].map((operation) => operation.path));
  expect(routes.filter((route) => !paths.has(route) && route.startsWith('/api'))).toEqual([]);
});

describe('nobody signed in', () => {
  test.each(Object.keys(table))('%s', async (name) => {
    const { right, answer } = table[name]!;
    const wanted = right === 'public' ? answer : '401 kernel.signed_out';
    expect((await ask(name, null)).answer).toBe(wanted);
    // A cookie that nobody was given is no cookie.
    expect((await ask(name, 'made-up')).answer).toBe(wanted);
  });
});

describe('every operation by every post at every distance', () => {
  test.each(Object.keys(table).filter((name) => name !== 'accounts.signOut'))('%s', async (name) => {
    const answers: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const caller of callers) {
      const who = `${caller.role}, ${caller.place}`;
      wanted[who] = expected(name, caller);
      answers[who] = (await ask(name, caller.token)).answer;
    }
    expect(answers).toEqual(wanted);
  });
});

describe('once a case is accepted, the side of the origin sees it too', () => {
  test.each(Object.keys(table).filter((name) => table[name]!.reach?.otherwise === '404 cases.not_found'))('%s', async (name) => {
    for (const caller of callers) {
      const outcome = expected(name, overOrigin.has(caller.place) ? { ...caller, place: 'own station' } : caller);
      expect((await ask(name, caller.token, { case_id: '{accepted_id}' })).answer, `${caller.role}, ${caller.place}`).toBe(outcome);
    }
  });
});

describe('lists hold what lies in the jurisdiction and nothing else', () => {
  const whoHas = (right: string) => callers.filter(({ role }) => posts[role]!.rights.includes(right));

  test('a person is found by search inside the jurisdiction only', async () => {
    for (const { role, place, token } of whoHas('population.search_persons')) {
      const { body } = await ask('population.searchPersons', token);
      expect(body['persons'].map((person: { person_id: string }) => person.person_id), `${role}, ${place}`).toEqual(overDestination.has(place) ? [matter.local_person_id] : []);
    }
  });

  test('by number and name one person of the province is found by all, by the number alone nobody', async () => {
    for (const { role, place, token } of whoHas('population.find_person_by_number')) {
      expect((await ask('population.findPersonByNumber', token)).body['person'].person_id, `${role}, ${place}`).toBe(matter.local_person_id);
      expect((await ask('population.findPersonByNumber', token, { name: '张冒名' })).body['person'], `${role}, ${place}`).toBeNull();
    }
  });

  test('people disclosed for a case are seen by the office that handles it and those above, and by the origin', async () => {
    for (const { role, place, token } of whoHas('population.get_person')) {
      const { answer } = await ask('population.getPerson', token, { person_id: '{person_id}' });
      expect(answer, `${role}, ${place}`).toBe(overDestination.has(place) || overOrigin.has(place) ? '200' : '404 population.person_not_found');
    }
  });

  test('waiting work is that of the own unit and post', async () => {
    for (const { role, place, token } of whoHas('cases.list_queue')) {
      const { body } = await ask('cases.listQueue', token, { limit: 100 });
      const cases = body['items'].map((item: { case_id: string }) => item.case_id).filter((id: string) => id === matter.case_id || id === matter.accepted_id);
      expect(cases, `${role}, ${place}`).toEqual(place !== 'own station' ? [] : role === 'station_officer' ? [matter.case_id] : role === 'station_chief' ? [matter.accepted_id] : []);
    }
  });

  test('a post that handles other services sees none of these, whatever queue it opens', async () => {
    const at = (role: string) => callers.find((caller) => caller.role === role && caller.place === 'own station')!;
    const items = async (role: string, queue: string) => (await ask('cases.listQueue', at(role).token, { queue, limit: 100 })).body['items'].length as number;
    expect([await items('station_officer', 'supplement'), await items('station_archivist', 'supplement')]).toEqual([1, 0]);
    const counted = async (role: string) => (await ask('cases.countQueues', at(role).token)).body['queues'].find((queue: { queue: string }) => queue.queue === 'supplement').count as number;
    expect([await counted('station_officer'), await counted('station_archivist')]).toEqual([1, 0]);
  });

  test('messages are those of the own unit', async () => {
    for (const { role, place, token } of whoHas('cases.read_messages')) {
      const { body } = await ask('cases.listMessages', token, { limit: 100 });
      expect(body['messages'].some((message: { message_id: string }) => message.message_id === matter.message_id), `${role}, ${place}`).toBe(place === 'own station');
    }
  });

  test('staff are those of the own jurisdiction', async () => {
    for (const { role, place, token } of whoHas('accounts.list_officers')) {
      const { body } = await ask('accounts.listOfficers', token, { text: '910002' });
      expect(body['officers'].length, `${role}, ${place}`).toBe(overDestination.has(place) ? 1 : 0);
    }
  });
});

describe('a case is opened only of a service that the post handles', () => {
  test.each([['station_officer', '0501', 200], ['counter_assistant', '0501', 200], ['community_officer', '0501', 403], ['community_officer', '0703', 200]] as const)('%s enters %s: %i', async (role, service_code, status) => {
    const caller = callers.find((one) => one.role === role && one.place === 'own station')!;
    const [neighbour] = (await world.police.owner.query(`select p.name, p.id_number from population.person p join population.membership m using (person_id) where p.station_code = $1 and upper_inf(m.period) and m.relation = '02' order by p.id_number limit 1`, [service_code === '0703' ? own : '530102520000'])).rows;
    const answers = service_code === '0703'
      ? { subject_id_number: neighbour.id_number, subject_name: neighbour.name, workplace: '学校', applicant_phone: '19900001234', delivery_mode: 'electronic' }
      : (await declareMove(world, family, [headOf(family)], own, service_code, { movers: [{ name: neighbour.name, id_number: neighbour.id_number, relation: '02' }], whole_household: false, head_leaves: false })).answers;
    const response = await ask('cases.openCase', caller.token, { service_code, applicant_name: neighbour.name, applicant_id_number: neighbour.id_number, applicant_phone: '19900001234', answers });
    expect(response.answer).toBe(status === 200 ? '200' : '403 cases.service_not_yours');
  });
});

test('nothing was changed by all this asking', async () => {
  const { rows } = await world.police.owner.query('select case_id, version, state from cases.case_file where case_id = any($1) order by state', [[matter.case_id, matter.accepted_id]]);
  expect(rows).toEqual([{ case_id: matter.accepted_id, version: 2, state: 'in_review' }, { case_id: matter.case_id, version: 1, state: 'submitted' }]);
});

test('whoever signs out is signed out', async () => {
  for (const { token, role } of callers) {
    expect((await ask('accounts.signOut', token)).answer, role).toBe('200');
    expect((await ask('accounts.me', token)).answer, role).toBe('401 kernel.signed_out');
  }
});
