/** After submitting: confirmation, progress, corrections, taking back. */
import type { TrackerState, Views } from '../../../src/modules/portal/contract.ts';
import { Fields } from '../fields.tsx';
import { Token } from '../layout.tsx';
import { Paper } from '../paper.tsx';
import { Caption, CaseCards, DraftCards, ErrorSummary, FieldError, Line, Lines, MainForm, spacedReceipt, State } from '../pieces.tsx';
import { dayText, momentText, type Reader } from '../reader.ts';
import { stateWords, texts as t } from '../texts.ts';

export function Applications({ reader, data }: { reader: Reader; data: Views['applications'] }) {
  const { say } = reader;
  return (
    <>
      <h1>{say(t.applications_title)}</h1>
      {data.drafts.length + data.cases.length > 0 ? null : <p>{say(t.applications_none)} <a href="/guide">{say(t.guides_title)}</a></p>}
      {data.drafts.length === 0 ? null : <section class="panel"><h2>{say(t.applications_drafts)}</h2><DraftCards reader={reader} drafts={data.drafts} /></section>}
      {data.cases.length === 0 ? null : <section class="panel"><h2>{say(t.applications_cases)}</h2><CaseCards reader={reader} cases={data.cases} /></section>}
    </>
  );
}

export function Confirmation({ reader, data }: { reader: Reader; data: Views['confirmation'] }) {
  const { say } = reader;
  return (
    <>
      <div class="confirmation">
        <h1>{say(t.confirmation_title)}</h1>
        <p>{say(data.service_name)} · {momentText(reader, data.submitted_at)}</p>
        <p class="receipt"><span>{say(t.receipt_label)}</span><strong>{spacedReceipt(data.receipt_no)}</strong></p>
      </div>
      <p>{say(t.receipt_note)}</p>
      <h2>{say(t.confirmation_next)}</h2>
      <ol class="numbered"><li>{say(t.confirmation_1)}</li><li>{say(data.limit)}</li><li>{say(t.confirmation_2)}</li></ol>
      <p class="hint">{say(t.confirmation_print)}</p>
      <div class="actions"><a class="button" href={`/cases/${data.receipt_no}`}>{say(t.to_case)}</a><a href="/">{say(t.to_home)}</a></div>
    </>
  );
}

/** Where the present state stands on the straight way; a correction is a stop on it. */
const way: readonly TrackerState[] = ['submitted', 'accepted', 'in_review', 'done'];

function Stages({ reader, data }: { reader: Reader; data: Views['case'] }) {
  const { say } = reader;
  if (data.state === 'ended') return <p><State reader={reader} state="ended" /></p>;
  const seen = new Set(data.history.map(({ state }) => state));
  const current = data.state === 'correction_needed' ? (seen.has('accepted') || seen.has('in_review') ? 2 : 1) : way.indexOf(data.state);
  return (
    <ol class="stages" aria-label={say(t.steps_label)}>
      {way.map((state, index) => {
        const isCurrent = index === current;
        const shown = isCurrent && data.state === 'correction_needed' ? 'correction_needed' : state;
        return <li class={index < current || data.state === 'done' ? 'past' : isCurrent ? `current current-${shown}` : 'ahead'} aria-current={isCurrent ? 'step' : undefined}>{say(stateWords[shown])}</li>;
      })}
    </ol>
  );
}

export function Case({ reader, data }: { reader: Reader; data: Views['case'] }) {
  const { say } = reader;
  const { correction } = data;
  return (
    <>
      <Caption>{say(t.receipt_label)} {spacedReceipt(data.receipt_no)}</Caption>
      <h1>{say(t.case_title(say(data.service_name)))}</h1>
      <Stages reader={reader} data={data} />
      <p class={data.state === 'ended' || data.discarded ? 'note bad' : data.state === 'done' ? 'note good' : 'lead'}>{say(data.text)}</p>
      {correction === null ? null : (
        <div class="note warn">
          {correction.answered_at !== null ? <p>{say(t.case_corrected(momentText(reader, correction.answered_at)))}</p> : (
            <><p><strong>{say(t.case_correct(correction.items, dayText(reader, correction.due_on)))}</strong></p><a class="button" href={`/cases/${data.receipt_no}/correct`}>{say(t.case_correct_button)}</a></>
          )}
        </div>
      )}
      {data.withdrawal_asked_at === null || data.state === 'ended' ? null : <p class="note">{say(t.case_withdrawing(momentText(reader, data.withdrawal_asked_at)))}</p>}
      {data.discarded ? <p><a class="button" href="/guide">{say(t.case_again)}</a></p> : null}
      <Lines>
        <Line label={say(t.case_submitted)}>{momentText(reader, data.submitted_at)}</Line>
        {data.case_no === null ? null : <Line label={say(t.case_no)}>{data.case_no}</Line>}
        {data.holder === null || data.state === 'done' || data.state === 'ended' ? null : <Line label={say(t.case_holder)}><span lang="zh-CN">{data.holder}</span></Line>}
        {data.due_on === null || data.state === 'done' || data.state === 'ended' || correction !== null ? null : <Line label={say(t.case_due)}>{dayText(reader, data.due_on)}</Line>}
        {data.reason === null ? null : <Line label={say(t.case_reason)}>{say(data.reason)}</Line>}
        {data.remedy === null ? null : <Line label={say(t.case_remedy)}>{say(data.remedy)}</Line>}
      </Lines>
      {data.notices.length === 0 ? null : (
        <section class="panel"><h2>{say(t.case_notices)}</h2><ul class="links">{data.notices.map((notice) => <li><a href={notice.href}>{say(t.case_download(say(notice.title)))}</a> <small>{dayText(reader, notice.issued_at)}</small>{notice.is_void ? <> <strong>{say(t.case_notice_void)}</strong></> : null}</li>)}</ul></section>
      )}
      {data.history.length === 0 ? null : (
        <><h2>{say(t.case_history)}</h2><ol class="history">{data.history.map((entry) => <li><time datetime={entry.at}>{momentText(reader, entry.at)}</time> <span>{say(entry.text)}</span></li>)}</ol></>
      )}
      <ul class="links"><li><a href="/record/access">{say(t.who_looked)}</a></li>{data.may_withdraw ? <li><a class="danger" href={`/cases/${data.receipt_no}/withdraw`}>{say(t.case_withdraw)}</a></li> : null}</ul>
    </>
  );
}

export function Correction({ reader, data }: { reader: Reader; data: Views['correction'] }) {
  const { say } = reader;
  return (
    <>
      <ErrorSummary reader={reader} violations={data.violations} />
      <Caption>{say(data.service_name)} · {spacedReceipt(data.receipt_no)}</Caption>
      <h1>{say(t.correction_title)}</h1>
      <p class="lead">{say(t.correction_lead(data.items.length, dayText(reader, data.due_on)))}</p>
      <MainForm reader={reader} action={`/cases/${data.receipt_no}/correct`} upload>
        {data.items.map((item, index) => (
          <section class="item">
            <h2>{say(t.correction_item(index + 1))}{item.material === null ? null : <span class="tag">{say(item.material.name)}</span>}</h2>
            <p class="note warn">{say(item.text)}</p>
            <Fields reader={reader} fields={item.fields} violations={data.violations} />
            {item.material === null ? null : <Paper reader={reader} paper={item.material} violations={data.violations} />}
          </section>
        ))}
        <div class="field">
          <label for="note">{say(t.correction_note)}{say(t.optional)}</label>
          <FieldError reader={reader} field="note" violations={data.violations} />
          <textarea id="note" name="note" rows={3}>{data.note}</textarea>
        </div>
        <div class="actions">
          <button class="button" name="_act" value="send" data-once>{say(t.correction_send)}</button>
          <button class="plain" name="_act" value="later">{say(t.save_for_later)}</button>
        </div>
      </MainForm>
    </>
  );
}

export function Withdraw({ reader, data }: { reader: Reader; data: Views['withdraw'] }) {
  const { say } = reader;
  return (
    <>
      <ErrorSummary reader={reader} violations={data.violations} />
      <Caption>{say(data.service_name)} · {spacedReceipt(data.receipt_no)}</Caption>
      <h1>{say(t.withdraw_title)}</h1>
      <p>{say(t.withdraw_note)}</p>
      <form method="post" action={`/cases/${data.receipt_no}/withdraw`} novalidate>
        <Token reader={reader} />
        <div class="field">
          <label for="reason">{say(t.withdraw_reason)}{say(t.optional)}</label>
          <FieldError reader={reader} field="reason" violations={data.violations} />
          <textarea id="reason" name="reason" rows={3}>{data.reason}</textarea>
        </div>
        <div class="actions"><button class="button bad" data-once>{say(t.withdraw_yes)}</button><a href={`/cases/${data.receipt_no}`}>{say(t.withdraw_no)}</a></div>
      </form>
    </>
  );
}
