/** The own record, and who looked at it. */
import type { Views } from '../../../src/modules/portal/contract.ts';
import { Token } from '../layout.tsx';
import { Line, Lines } from '../pieces.tsx';
import { dayText, momentText, type Reader } from '../reader.ts';
import { texts as t } from '../texts.ts';

function Waiting({ reader, what, state }: { reader: Reader; what: 'household' | 'access_log'; state: Views['record']['household'] }) {
  const { say } = reader;
  return state === 'waiting'
    ? <p class="note" data-wait={what} role="status">{say(t.record_waiting)} <a href={reader.here}>{say(t.reload)}</a></p>
    : <p class="note warn">{say(t.record_not_found)}</p>;
}

function AskAgain({ reader, what, answered_at }: { reader: Reader; what: 'household' | 'access_log'; answered_at: string | null }) {
  const { say } = reader;
  return answered_at === null ? null : (
    <form method="post" action="/record/ask" class="again">
      <Token reader={reader} /><input type="hidden" name="what" value={what} />
      <span>{say(t.record_at(momentText(reader, answered_at)))}</span> <button class="plain">{say(t.record_again)}</button>
    </form>
  );
}

export function Record({ reader, data }: { reader: Reader; data: Views['record'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.record_title)}</h1>
      {data.household !== 'found' ? <Waiting reader={reader} what="household" state={data.household} /> : (
        <>
          <Lines>
            <Line label={say(t.record_address)}><span lang="zh-CN">{data.address_text}</span></Line>
            <Line label={say(t.record_station)}><span lang="zh-CN">{data.station_name}</span></Line>
            <Line label={say(t.record_household_no)}>{data.household_no}</Line>
          </Lines>
          <h2>{say(t.record_members)}</h2>
          <ul class="rows people">
            {data.members.map((member) => (
              <li><div><strong>{member.name}</strong>{member.is_self ? <span class="tag">{say(t.myself)}</span> : null}<span>{say(member.relation_text)} · {member.id_number_masked}</span><span>{say(t.record_birth)} {dayText(reader, member.birth_on)}</span></div></li>
            ))}
          </ul>
        </>
      )}
      <AskAgain reader={reader} what="household" answered_at={data.answered_at} />
      <ul class="links"><li><a href="/record/access">{say(t.who_looked)}</a></li><li><a href="/event/wrong_information">{say(t.record_wrong)}</a></li></ul>
    </>
  );
}

export function AccessLog({ reader, data }: { reader: Reader; data: Views['access_log'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.access_title)}</h1>
      <p class="lead">{say(t.access_lead)}</p>
      {data.state !== 'found' ? <Waiting reader={reader} what="access_log" state={data.state} /> : data.entries.length === 0 ? <p class="note">{say(t.access_none)}</p> : (
        <ol class="looks">
          {data.entries.map((entry) => (
            <li>
              <time datetime={entry.at}>{momentText(reader, entry.at)}</time>
              <div><strong lang="zh-CN">{entry.unit}</strong> {say(entry.post)}<span>{say(entry.purpose)}{entry.reference === null ? null : <> · {entry.href === null ? entry.reference : <a href={entry.href}>{entry.reference}</a>}</>}</span></div>
            </li>
          ))}
        </ol>
      )}
      <AskAgain reader={reader} what="access_log" answered_at={data.answered_at} />
      <p>{say(t.access_complain)}</p>
      <p class="hint">{say(t.access_deferred)}</p>
    </>
  );
}
