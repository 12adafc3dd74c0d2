/** A household with its members, on any day. */
import { useEffect, useState } from 'preact/hooks';
import { contract as population, type HouseholdPage as HouseholdData } from '../../../src/modules/population/contract.ts';
import { say } from '../../kit/language.ts';
import { Fault, Loading } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { statusInOrder, useCodes, wordOf } from '../lists.ts';
import { usePurpose } from '../purpose.tsx';
import { call } from '../session.ts';
import { record as words, review } from '../texts.ts';
import { Leases, MomentBar, useMoment } from './record-parts.tsx';

export function HouseholdPage({ household_id }: { household_id: string }) {
  const { case_id, as_of, known_at } = useMoment();
  const purpose = usePurpose(case_id);
  const [after, setAfter] = useState<string | null>(null);
  const asked = purpose === null ? null : JSON.stringify([household_id, as_of, known_at, purpose, after]);
  useEffect(() => setAfter(null), [household_id, as_of, known_at]);
  const { data, error } = useLoad((signal) => call(population.getHousehold, {
    household_id, ...(as_of === undefined ? {} : { as_of }), ...(known_at === undefined ? {} : { known_at }), ...(after === null ? {} : { after }),
  }, { signal, ...(purpose === null ? {} : { purpose }) }), asked);
  return (
    <div class="page record-page">
      <h1>{say(words.household)} {data === undefined ? null : <span class="code">{data.household_no}</span>}{data?.status === 'closed' ? <span class="chip chip-bad">{say(words.closed_mark)}</span> : null}</h1>
      <MomentBar />
      <Fault error={error} />
      {data === undefined ? (asked === null || error !== undefined ? null : <Loading />) : <Household household={data} onMore={setAfter} />}
    </div>
  );
}

function Household({ household, onMore }: { household: HouseholdData; onMore: (after: string | null) => void }) {
  const { case_id } = useMoment();
  const sexes = useCodes('sex');
  const relations = useCodes('relationship_to_head');
  const types = useCodes('household_type');
  const statuses = useCodes('person_status');
  const inCase = case_id === null ? '' : `?case=${case_id}`;
  return (
    <>
      <Leases leases={household.leases} />
      <p class="household-facts">
        <strong>{household.address}</strong><br />
        {say(household.station_name)} · {wordOf(types, household.household_type)} · {say(words.established, { on: household.established_on })}
        {household.closed_on === null ? null : <> · {say(words.closed, { on: household.closed_on })}</>}
      </p>
      <h2>{say(words.members)} <span class="soft">{household.members.length}</span></h2>
      <div class="table-scroll">
        <table class="rows">
          <thead>
            <tr>
              <th scope="col">{say(review.name)}</th><th scope="col">{say(review.relation)}</th><th scope="col">{say(review.sex)}</th><th scope="col">{say(review.birth)}</th>
              <th scope="col">{say(review.id_number)}</th><th scope="col">{say(words.member_since)}</th>
            </tr>
          </thead>
          <tbody>
            {household.members.map((member) => (
              <tr key={member.person_id}>
                <td class="name"><Link href={`/persons/${member.person_id}${inCase}`} data-row>{member.name}</Link> {member.status === statusInOrder ? null : <span class="chip chip-amber">{wordOf(statuses, member.status)}</span>}</td>
                <td>{wordOf(relations, member.relation)}</td>
                <td class="code">{wordOf(sexes, member.sex)}</td>
                <td class="code">{member.birth_on}</td>
                <td class="code">{member.id_number_masked}</td>
                <td class="code">{member.since_on}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {household.next_after === null ? null : <p class="more-row"><button type="button" onClick={() => onMore(household.next_after)}>{say(words.more_members)}</button></p>}
    </>
  );
}
