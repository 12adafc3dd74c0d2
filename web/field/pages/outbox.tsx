/** What is on its way: each entry with its own state, and what can be done about it. */
import { useState } from 'preact/hooks';
import { Dialog } from '../../kit/dialog.tsx';
import { instantText } from '../../kit/format.ts';
import { language, say } from '../../kit/language.ts';
import { Notice } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useCodes, wordOf } from '../codes.ts';
import type { Change, OutboxItem, OutboxState } from '../outbox.ts';
import { useOutbox, type Session } from '../session.ts';
import { outbox as words, sheet as sheetWords, shell } from '../texts.ts';

const marks: Record<OutboxState, string> = { kept: '○', sending: '◐', conflict: '▲', refused: '✕' };

export function OutboxPage({ session, line }: { session: Extract<Session, { holder: unknown }>; line: boolean }) {
  const outbox = useOutbox();
  const { officer_id } = session.holder;
  const own = outbox.items.filter((item) => item.officer_id === officer_id);
  const others = outbox.items.length - own.length;
  return (
    <>
      <h1>{say(words.title)}</h1>
      {line || own.length === 0 ? null : <Notice kind="warning"><p>{say(words.offline)}</p></Notice>}
      {others === 0 ? null : <Notice kind="info"><p>{say(words.others, { n: others })}</p></Notice>}
      {own.length === 0 ? <p class="nothing">{say(words.none)}</p> : <p class="not-law">{say(words.not_law)}</p>}
      <ul class="cards" aria-live="polite">
        {own.map((item) => <Waiting key={item.id} item={item} line={line} officer_id={officer_id} />)}
      </ul>
      {outbox.done.length === 0 ? null : (
        <>
          <h2>{say(words.done_title)}</h2>
          <ul class="cards">
            {outbox.done.map((done) => (
              <li key={done.id} class="card done">
                <p class="state state-done"><span aria-hidden="true">✓</span> {say(done.registered.length > 0 ? words.registered : words.unchanged)} · {instantText(done.at)}</p>
                <h3>{done.name}</h3>
                {done.case_nos.map((no) => <p key={no} class="code">{say(words.cases, { no })}</p>)}
              </li>
            ))}
          </ul>
        </>
      )}
      <Link href="/field/" class="button big">{say(words.go_on)}</Link>
    </>
  );
}

function Waiting({ item, line, officer_id }: { item: OutboxItem; line: boolean; officer_id: string }) {
  const outbox = useOutbox();
  const [asked, setAsked] = useState(false);
  return (
    <li class={`card waiting waiting-${item.state}`}>
      <p class={`state state-${item.state}`}><span aria-hidden="true">{marks[item.state]}</span> {say(words[item.state])}</p>
      <h2>{item.name} <span class="code soft">{item.id_number_masked}</span></h2>
      <ul class="changes">{item.changes.map((change) => <ChangeLine key={change.item} change={change} />)}</ul>
      <p class="hint">{say(words.noted, { at: instantText(item.noted_at) })}</p>
      {item.reason === null ? null : <p class={item.state === 'refused' ? 'fault' : 'hint'}>{item.reason[language()]}</p>}
      <div class="acts">
        {item.state === 'conflict' ? <Link href={`/field/solve/${item.id}`} class="button primary">{say(words.solve)}</Link> : null}
        {item.state === 'refused' || (item.state === 'kept' && line) ? <button type="button" onClick={() => void outbox.retry(item.id, officer_id)}>{say(words.retry)}</button> : null}
        {item.state === 'sending' ? null : <button type="button" class="grave" onClick={() => setAsked(true)}>{say(words.discard)}</button>}
      </div>
      {asked ? (
        <Dialog title={say(words.discard)} onClose={() => setAsked(false)} onSubmit={() => void outbox.discard(item.id)}>
          <p>{say(words.discard_sure)}</p>
          <div class="acts">
            <button type="submit" class="big grave">{say(words.discard)}</button>
            <button type="button" class="big" data-first onClick={() => setAsked(false)}>{say(shell.cancel)}</button>
          </div>
        </Dialog>
      ) : null}
    </li>
  );
}

function ChangeLine({ change }: { change: Change }) {
  const codes = useCodes(change.list);
  const shown = (value: string | null): string => (change.list === null ? value : wordOf(codes, value)) ?? say(sheetWords.nothing);
  return <li>{say(words.change, { item: say(change.label), seen: shown(change.seen), value: shown(change.value) })}</li>;
}
