/** Both households before and after, line by line: who comes, who leaves, whose relation changes. */
import type { CaseViewData } from '../../../src/modules/cases/contract.ts';
import { say, type Text } from '../../kit/language.ts';
import { Link } from '../../kit/router.tsx';
import { useCodes, wordOf } from '../lists.ts';
import { review as words } from '../texts.ts';
import { alignHouseholds, type Change, type HouseholdPair, type Member } from './align-households.ts';
import { Pane } from './pane.tsx';

const marks: Record<Change, [mark: string, word: Text]> = {
  none: ['', words.unchanged], added: ['+', words.added], removed: ['−', words.removed], changed: ['△', words.changed],
};

type Relation = (code: string) => string;

function Cells({ member, change, side, relation, inCase }: { member: Member | null; change: Change; side: 'before' | 'after'; relation: Relation; inCase: string }) {
  if (member === null) return <><td class={`side-${side} gone`} aria-hidden="true" /><td aria-hidden="true" class="gone" /></>;
  const marked = (side === 'before' && change === 'removed') || (side === 'after' && (change === 'added' || change === 'changed'));
  return (
    <>
      <td class={`side-${side} name`}>{member.person_id === null ? member.name : <Link href={`/persons/${member.person_id}${inCase}`}>{member.name}</Link>}</td>
      <td class={marked && change === 'changed' ? 'told' : ''}>{relation(member.relation)}</td>
    </>
  );
}

function Household({ pair, known, relation, inCase }: { pair: HouseholdPair; known: boolean; relation: Relation; inCase: string }) {
  const household = pair.after ?? pair.before!;
  return (
    <div class="household">
      <p class="household-title">
        <strong>{household.household_id === null ? say(household.title) : <Link href={`/households/${household.household_id}${inCase}`}>{say(household.title)}</Link>}</strong>
        {household.household_no === null ? null : <span class="code soft">{say(words.household_no, { no: household.household_no })}</span>}
        {pair.after?.opens === true ? <span class="chip chip-good">+ {say(words.opens)}</span> : null}
        {pair.after?.closes === true ? <span class="chip chip-bad">− {say(words.closes)}</span> : null}
        <span class="household-address">{household.address_text}</span>
        <span class="soft">{household.station_name}</span>
      </p>
      <table class="rows aligned">
        <thead>
          <tr>
            <th scope="col">{say(words.birth)}</th><th scope="col">{say(words.before)}</th><th scope="col">{say(words.relation)}</th>
            {known ? <><th scope="col" class="change">{say(words.change)}</th><th scope="col">{say(words.after)}</th><th scope="col">{say(words.relation)}</th></> : null}
          </tr>
        </thead>
        <tbody>
          {pair.lines.map((line) => (
            <tr key={line.person_id ?? (line.after ?? line.before)!.name} class={`line-${line.change}`}>
              <td class="code soft">{(line.before ?? line.after)!.birth_on}</td>
              <Cells member={line.before} change={line.change} side="before" relation={relation} inCase={inCase} />
              {known ? (
                <>
                  <td class="change"><span aria-hidden="true">{marks[line.change][0]}</span> {line.change === 'none' ? <span class="unseen">{say(words.unchanged)}</span> : say(marks[line.change][1])}</td>
                  <Cells member={line.after} change={line.change} side="after" relation={relation} inCase={inCase} />
                </>
              ) : null}
            </tr>
          ))}
          {pair.lines.length === 0 ? <tr><td colSpan={known ? 6 : 3} class="soft">—</td></tr> : null}
        </tbody>
      </table>
    </div>
  );
}

export function HouseholdsBand({ view }: { view: CaseViewData }) {
  const relations = useCodes('relationship_to_head');
  const pairs = alignHouseholds(view);
  const known = view.after.length > 0;
  return (
    <Pane name="households" title={say(words.households)} keyHint="pane_households">
      {pairs.length === 0 ? <p class="soft">{say(view.closed_at === null ? words.no_households : words.households_closed)}</p> : (
        <>
          {known ? null : <p class="fault-text">{say(words.no_after)}</p>}
          <div class="households">
            {pairs.map((pair) => <Household key={pair.key} pair={pair} known={known} relation={(code) => wordOf(relations, code)} inCase={`?case=${view.case_id}`} />)}
          </div>
        </>
      )}
    </Pane>
  );
}
