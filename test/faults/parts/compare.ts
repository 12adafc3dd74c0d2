/** Lays a journal of clients beside the register: what was acknowledged is there once, what was not is there once at most. */
import type { FaultyBureau } from './bureau.ts';
import type { Journal, Wish } from './journal.ts';

export interface Comparison {
  wishes: number;
  acknowledged: number;
  /** Acknowledged, and the register does not hold it as it was acknowledged. */
  lost: number;
  /** Effects beyond the first of one wish. */
  duplicated: number;
  /** Committed by an attempt that was not answered: the dangerous case. */
  committed_unanswered: number;
  refused: number;
  /** Told "no" although it had been done. */
  refused_yet_done: number;
  never_answered: number;
  /** An effect without its audit record, or a part of an effect without the rest. */
  torn: number;
  /** In the register, wished by nobody. */
  unasked: number;
  /** Movers not in exactly one place, or not in the place where the cases put them. */
  misplaced: number;
  chains_broken: number;
  invariants_broken: number;
}

/** What must be 0 after every fault. */
export const soundness = { lost: 0, duplicated: 0, refused_yet_done: 0, torn: 0, unasked: 0, misplaced: 0, chains_broken: 0, invariants_broken: 0 } as const;

interface AuditRow { request_key: string; at: Date; case_id: string }
interface CaseRow { case_id: string; mark: string; state: string; chain_intact: boolean; movements: number }
interface EventRow { case_id: string; sequence: number; act: string }
interface PlaceRow { person_id: string; station_code: string | null; places: number }

export async function compareWithRegister(bureau: FaultyBureau, { wishes }: Pick<Journal, 'wishes'>): Promise<Comparison> {
  const audits = Map.groupBy(await bureau.look<AuditRow>('select request_key, at, case_id from kernel.audit_record where request_key = any($1)', [wishes.flatMap((wish) => wish.keys)]), (row) => row.request_key);
  const cases = await bureau.look<CaseRow>(
    `select c.case_id, c.applicant_phone as mark, c.state, cases.chain_intact(c.case_id) as chain_intact, (select count(*)::int from population.movement m where m.case_id = c.case_id) as movements from cases.case_file c order by c.case_no`);
  const events = await bureau.look<EventRow>('select case_id, sequence, act from cases.case_event order by case_id, sequence');
  const places = await bureau.look<PlaceRow>(
    `select p.person_id, p.station_code, (select count(*)::int from population.membership m where m.person_id = p.person_id and upper_inf(m.period)) as places
     from population.person p where p.person_id = any($1::uuid[]) order by p.person_id`, [[...new Set(wishes.map((wish) => wish.person_id))]]);
  const [broken] = await bureau.look<{ count: number }>('select count(*)::int as count from population.broken_invariants()');

  const casesOf = Map.groupBy(cases, (row) => row.mark);
  const eventsOf = Map.groupBy(events, (row) => `${row.case_id} ${row.act}`);
  const movementsOf = new Map(cases.map((row) => [row.case_id, row.movements]));

  const result: Comparison = {
    wishes: wishes.length, acknowledged: 0, lost: 0, duplicated: 0, committed_unanswered: 0, refused: 0, refused_yet_done: 0, never_answered: 0, torn: 0, unasked: 0, misplaced: 0,
    chains_broken: cases.filter((row) => !row.chain_intact).length, invariants_broken: broken!.count,
  };
  let asked = 0;
  for (const wish of wishes) {
    const recorded = wish.keys.flatMap((key) => audits.get(key) ?? []);
    const effects = wish.act === 'submit' ? (casesOf.get(wish.mark) ?? []).flatMap((row) => eventsOf.get(`${row.case_id} submit`) ?? []) : (eventsOf.get(`${wish.case_id} ${wish.act}`) ?? []);
    const movements = wish.act === 'execute' ? movementsOf.get(wish.case_id ?? '') ?? 0 : effects.length;
    asked += effects.length;
    result.duplicated += Math.max(0, Math.max(effects.length, recorded.length, movements) - 1);
    if (recorded.length !== effects.length || movements !== effects.length) result.torn++;
    if (recorded.some((row) => wish.answered_attempt_at === undefined || row.at.getTime() < wish.answered_attempt_at)) result.committed_unanswered++;
    if (wish.outcome === 'acknowledged') {
      result.acknowledged++;
      if (!standsAsAnswered(wish, effects, recorded)) result.lost++;
    } else if (wish.outcome === 'refused') {
      result.refused++;
      if (effects.length > 0) result.refused_yet_done++;
    } else {
      result.never_answered++;
    }
  }
  result.unasked = events.length - asked;
  const moved = new Set(wishes.filter((wish) => wish.act === 'execute' && (eventsOf.get(`${wish.case_id} execute`) ?? []).length > 0).map((wish) => wish.person_id));
  const { target, origin } = bureau.bureau.stations;
  result.misplaced = places.filter((row) => row.places !== 1 || row.station_code !== (moved.has(row.person_id) ? target : origin)).length;
  return result;
}

/** The answer named a case and the number of the act in its chain: there it must be, with its audit record. */
function standsAsAnswered({ answer, keys }: Wish, effects: readonly EventRow[], recorded: readonly AuditRow[]): boolean {
  return answer !== undefined && keys.length > 0
    && effects.some((event) => event.case_id === answer.case_id && event.sequence === answer.case_version) && recorded.some((row) => row.case_id === answer.case_id);
}

/** One line of figures, and the soundness of the rest in a second. */
export function print(title: string, comparison: Comparison, facts: Record<string, number | string>): void {
  const { acknowledged, lost, duplicated, committed_unanswered, ...rest } = comparison;
  console.log(`${title}: acknowledged ${acknowledged}, lost ${lost}, duplicated ${duplicated}, committed but unanswered ${committed_unanswered}`);
  console.log(`  ${Object.entries({ ...rest, ...facts }).map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`).join(', ')}`);
}
