/** Written commitments whose check is due: what was promised, by whom, until when, and what was found. */
import { useRef, useState } from 'preact/hooks';
import type { OutputOf } from '../../../src/kernel/operation.ts';
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import { Dialog, dialogKeys } from '../../kit/dialog.tsx';
import { instantText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say } from '../../kit/language.ts';
import { Empty, Fault, Field, KeyCap, Lamp, Loading, Notice, violationOf } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { announce } from '../announce.tsx';
import { rechecksKeys } from '../keys.ts';
import { moveFocus } from '../rows.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { call } from '../session.ts';
import { rechecks as words, shell } from '../texts.ts';

type Item = OutputOf<typeof cases.listRechecks>['items'][number];
const keyOf = (item: Item): string => `${item.case_id} ${item.code}`;

export function RechecksPage() {
  const { data, error, reload } = useLoad((signal) => call(cases.listRechecks, { limit: 100 }, { signal }), 'rechecks');
  const [asking, setAsking] = useState<Item | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const list = useRef<HTMLTableSectionElement>(null);
  const focused = (): Item | undefined => data?.items.find((item) => keyOf(item) === document.activeElement?.closest<HTMLElement>('[data-recheck]')?.dataset['recheck']);
  useKeys(rechecksKeys, {
    next: () => moveFocus(list.current, 1), previous: () => moveFocus(list.current, -1),
    record: () => {
      const item = focused() ?? data?.items[0];
      if (item !== undefined) setAsking(item);
    },
  });
  return (
    <div class="page">
      <header class="list-head"><h1>{say(words.title)}</h1></header>
      {data === undefined ? null : <p class="hint">{say(words.way, { n: data.check_days })}</p>}
      {done === null ? null : <Notice kind="done"><p>{done}</p></Notice>}
      <Fault error={error} />
      {data === undefined ? (error === undefined ? <Loading /> : null) : data.items.length === 0 ? <Empty title={say(words.empty)}><p>{say(words.empty_way)}</p></Empty> : (
        <div class="table-scroll">
          <table class="rows">
            <thead><tr>{[words.due, words.material, words.applicant, words.service, words.unit, words.executed, words.number].map((word) => <th key={word.en} scope="col">{say(word)}</th>)}<th scope="col"><span class="unseen">{say(words.record)}</span></th></tr></thead>
            <tbody ref={list} data-keys="list">
              {data.items.map((item) => (
                <tr key={keyOf(item)} data-recheck={keyOf(item)}>
                  <td class="nowrap"><Lamp lamp={item.overdue ? 'red' : item.called ? 'yellow' : 'green'} /> {item.due_on}{item.overdue ? <> <span class="chip chip-bad">{say(words.overdue)}</span></> : null}</td>
                  <td>{say(item.name)}</td>
                  <td>{item.applicant_name}</td>
                  <td>{say(item.service_name)}</td>
                  <td>{item.org_name}</td>
                  <td class="nowrap">{item.executed_at === null ? '—' : instantText(item.executed_at)}</td>
                  <td><Link href={`/case/${item.case_id}`} class="code" data-row>{item.case_no}</Link></td>
                  <td><button type="button" onClick={() => setAsking(item)}>{say(words.record)} <KeyCap of={rechecksKeys.record} /></button></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {data === undefined || data.next === null ? null : <p class="hint">{say(words.earliest, { n: data.items.length })}</p>}
      {asking === null ? null : (
        <RecheckDialog
          key={keyOf(asking)} item={asking} bar_years={data?.bar_years ?? 0} onClose={() => setAsking(null)}
          onDone={(text) => {
            setAsking(null);
            setDone(text);
            announce(text);
            void reload();
          }}
        />
      )}
    </div>
  );
}

type Result = 'kept' | 'broken';

function RecheckDialog({ item, bar_years, onClose, onDone }: { item: Item; bar_years: number; onClose: () => void; onDone: (text: string) => void }) {
  const [result, setResult] = useState<Result | ''>('');
  const [evidence, setEvidence] = useState('');
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const short = [...evidence.trim()].length < 4;
  const submit = (): void => {
    setTried(true);
    if (result === '' || short) return;
    void sending.send(async (onRetry) => {
      await call(cases.recordRecheck, { case_id: item.case_id, code: item.code, result, evidence: evidence.trim() }, { onRetry });
      onDone(say(result === 'kept' ? words.done_kept : words.done_broken, { no: item.case_no, material: say(item.name) }));
    });
  };
  const choice = (value: Result, first: boolean) => (
    <label class="choice"><input type="radio" name="result" {...(first ? { 'data-first': true } : {})} checked={result === value} onChange={() => setResult(value)} /> {say(words[value])}</label>
  );
  const unchosen = tried && result === '';
  return (
    <Dialog title={say(words.record)} onClose={onClose} onSubmit={submit} held={sending.sending}>
      <div class="dialog-body">
        <Fault error={sending.error} />
        <p><strong>{say(item.name)}</strong> · {item.applicant_name} · <span class="code">{item.case_no}</span></p>
        <fieldset class={unchosen ? 'field field-fault' : 'field'}>
          <legend>{say(words.result)}</legend>
          {unchosen ? <p class="fault">{say(words.need_result)}</p> : null}
          <div class="choices">{choice('kept', true)}{choice('broken', false)}</div>
        </fieldset>
        {result === 'broken' ? <Notice kind="warning"><p>{say(words.broken_means, { n: bar_years })}</p></Notice> : null}
        <Field label={say(words.evidence)} hint={say(words.evidence_hint)} fault={tried && short ? say(words.need_evidence) : violationOf(sending.error, 'evidence')}>
          {(attributes) => <textarea {...attributes} rows={3} maxLength={500} value={evidence} onInput={(event) => setEvidence(event.currentTarget.value)} />}
        </Field>
      </div>
      <div class="dialog-acts">
        <button type="submit" class={result === 'broken' ? 'grave' : 'primary'} disabled={sending.sending}>{say(words.submit)} <KeyCap of={dialogKeys.submit} /></button>
        <button type="button" disabled={sending.sending} onClick={onClose}>{say(shell.cancel)}</button>
        <SendingMark of={sending} />
      </div>
    </Dialog>
  );
}
