/** What the register says to it: conditions met or not, with finding and law; then decisions and papers so far. */
import type { ComponentChildren } from 'preact';
import { contract as documents } from '../../../src/modules/documents/contract.ts';
import type { CaseViewData, CheckViewData, StepViewData } from '../../../src/modules/cases/contract.ts';
import { addressOf } from '../../kit/client.ts';
import { instantText } from '../../kit/format.ts';
import { say, type Text } from '../../kit/language.ts';
import { Notice } from '../../kit/pieces.tsx';
import { rechecks, review as words, tasks } from '../texts.ts';
import { Pane } from './pane.tsx';

const onFail: Record<string, Text> = { refuse: words.on_fail_refuse, return: words.on_fail_return, escalate: words.on_fail_escalate, redirect: words.on_fail_redirect, notify: words.on_fail_notify };

function Check({ check }: { check: CheckViewData }) {
  return check.passed ? (
    <li class="check check-met" title={check.law === null ? undefined : say(check.law)}>
      <span class="mark mark-good" aria-hidden="true">✓</span><span class="unseen">{say(words.passed)} </span>{say(check.label)}
    </li>
  ) : (
    <li class="check check-fault" data-fault tabIndex={-1}>
      <span class="mark mark-bad" aria-hidden="true">✕</span>
      <div>
        <p><span class="unseen">{say(words.failed)} </span><strong>{say(check.label)}</strong> <span class="chip chip-bad">{say(onFail[check.on_fail] ?? words.failed)}</span></p>
        {check.finding === null ? null : <p>{say(check.finding)}</p>}
        {check.law === null ? null : <p class="soft">{say(check.law)}</p>}
      </div>
    </li>
  );
}

/** Who did a step; in whose stead, where a post was covered. */
export function doneBy(step: StepViewData): string {
  return step.done_by === null ? '—' : step.done_for === null ? step.done_by : say(tasks.stand_in, { name: step.done_by, absent: step.done_for });
}

export function ChecksPane({ view, children }: { view: CaseViewData; children?: ComponentChildren }) {
  const failed = view.checks.filter((check) => !check.passed);
  const met = view.checks.filter((check) => check.passed);
  const opinions = view.steps.filter((step) => step.opinion !== null && step.opinion !== '');
  const { decision, corrections, suspended } = view;
  return (
    <Pane
      name="checks"
      title={say(words.checks)}
      keyHint="pane_checks"
      aside={view.checks.length === 0 ? null : (
        <span class={`chip ${failed.length === 0 ? 'chip-good' : 'chip-bad'}`}>
          {failed.length === 0 ? `✓ ${say(words.checks_passed, { n: met.length })}` : `✕ ${say(words.checks_failed, { n: failed.length, of: view.checks.length })}`}
        </span>
      )}
    >
      {children}
      {suspended === null ? null : (
        <Notice kind="warning">
          <p>{say(words.suspended, { since: instantText(suspended.since), reason: suspended.reason })}</p>
          {suspended.document_no === null ? null : <p>{say(words.suspended_document, { no: suspended.document_no, until: suspended.until === null ? '—' : instantText(suspended.until) })}</p>}
        </Notice>
      )}
      {decision === null ? null : (
        <Notice kind={['executed', 'approved'].includes(decision.outcome) ? 'done' : 'warning'}>
          <p><strong>{say((words as Record<string, Text>)[`outcome_${decision.outcome}`] ?? words.decision)}</strong></p>
          {decision.reason === null ? null : <p>{decision.reason}</p>}
          {decision.law === null ? null : <p class="soft">{say(decision.law)}</p>}
          {decision.remedy === null ? null : <p class="soft">{say(decision.remedy)}</p>}
        </Notice>
      )}
      {corrections === null ? null : (
        <Notice kind="info">
          <p>{say(words.corrections, { n: corrections.count, at: instantText(corrections.issued_at), due: corrections.due_on })}</p>
          <ol>{corrections.items.map((item) => <li key={item.subject + item.zh}>{say(item)}</li>)}</ol>
          {corrections.answer === null ? null : <p><strong>{say(words.corrected, { at: instantText(corrections.answer.at) })}</strong> {corrections.answer.note}</p>}
        </Notice>
      )}
      {view.rechecks.map((recheck) => (
        <Notice key={recheck.code} kind={recheck.result === null ? 'info' : recheck.result === 'kept' ? 'done' : 'warning'}>
          <p>{recheck.result === null || recheck.done_at === null ? say(rechecks.waiting, { material: say(recheck.name), due: recheck.due_on })
            : say(recheck.result === 'kept' ? rechecks.found_kept : rechecks.found_broken, { material: say(recheck.name), at: instantText(recheck.done_at), name: recheck.done_by ?? '—' })}</p>
          {recheck.evidence === null ? null : <p class="soft">{recheck.evidence}</p>}
        </Notice>
      ))}
      {view.checks.length === 0 ? <p class="soft">{say(words.checks_none)}</p> : (
        <ul class="checks">
          {failed.map((check) => <Check key={check.rule} check={check} />)}
          {met.map((check) => <Check key={check.rule} check={check} />)}
        </ul>
      )}
      {opinions.length === 0 ? null : (
        <>
          <h3>{say(words.opinions)}</h3>
          <ul class="opinions">
            {opinions.map((step) => <li key={step.step}><p>{step.opinion}</p><p class="soft">{say(step.label)} · {doneBy(step)} · {step.done_at === null ? '—' : instantText(step.done_at)}</p></li>)}
          </ul>
        </>
      )}
      {view.notices.length === 0 ? null : (
        <>
          <h3>{say(words.notices)}</h3>
          <ul class="papers">
            {view.notices.map((notice) => (
              <li key={notice.document_id}><a href={addressOf(documents.getNotice, { document_id: notice.document_id })} target="_blank" rel="noopener">{say(notice.title)}</a> <span class="soft">{instantText(notice.issued_at)}</span>{notice.is_void ? <> <span class="chip chip-bad">{say(words.notice_void)}</span></> : null}</li>
            ))}
          </ul>
        </>
      )}
    </Pane>
  );
}
