/** What several pages are made of. */
import type { ComponentChildren } from 'preact';
import type { Violation } from '../../src/kernel/refusal.ts';
import type { CaseCard, DraftCard, OfflineWays, ServiceCard, TrackerState } from '../../src/modules/portal/contract.ts';
import { splitAddress } from './address-line.ts';
import { Token } from './layout.tsx';
import { dayText, momentText, type Reader, type Text } from './reader.ts';
import { stateWords, texts as t } from './texts.ts';

/** Everything wrong at once, on top of the page and in focus; each line leads to its field. */
export function ErrorSummary({ reader: { say }, violations }: { reader: Reader; violations: readonly (Violation & { href?: string })[] }) {
  if (violations.length === 0) return null;
  return (
    <div class="faults" role="alert" tabindex={-1} autofocus id="faults">
      <h2>{say(t.faults(violations.length))}</h2>
      <p>{say(t.faults_kept)}</p>
      <ul>{violations.map((violation) => <li><a href={violation.href ?? `#${violation.field}`}>{say(violation)}</a></li>)}</ul>
    </div>
  );
}

/** The sentence at a field, or nothing. */
export function FieldError({ reader: { say }, field, violations }: { reader: Reader; field: string; violations: readonly Violation[] }) {
  const own = violations.filter((violation) => violation.field === field);
  return own.length === 0 ? null : <p class="error" id={`${field}-error`}>{own.map((violation) => say(violation)).join(' ')}</p>;
}

/** For aria-describedby: the hint and the error that a field has. */
export function describedBy(field: string, violations: readonly Violation[], hasHint: boolean): string | undefined {
  const ids = [...(hasHint ? [`${field}-hint`] : []), ...(violations.some((violation) => violation.field === field) ? [`${field}-error`] : [])];
  return ids.length === 0 ? undefined : ids.join(' ');
}

export function Caption({ children }: { children: ComponentChildren }) {
  return <p class="caption">{children}</p>;
}

/** The form whose content the switches of the header keep. */
export function MainForm({ reader, action, upload = false, keep, children }: { reader: Reader; action: string; upload?: boolean; keep?: string; children: ComponentChildren }) {
  return (
    <form id="form" method="post" action={action} novalidate enctype={upload ? 'multipart/form-data' : undefined} data-keep={keep} data-saved={keep === undefined ? undefined : reader.say(t.saving)}>
      <Token reader={reader} />
      {/* Enter means the main button, wherever the cursor stands. */}
      <button class="first" tabindex={-1} aria-hidden="true">{reader.say(t.go_on)}</button>
      {children}
    </form>
  );
}

const wayWords = { online: t.way_online, precheck: t.way_precheck, counter: t.way_counter } as const;

/** Services as cards, each with how far it goes without a visit. */
export function ServiceCards({ reader: { say }, services }: { reader: Reader; services: readonly ServiceCard[] }) {
  return (
    <ul class="cards">
      {services.map((service) => <li><a href={`/guide/${service.code}`}><strong>{say(service.name)}</strong><span>{say(service.summary)}</span><small class={`way-${service.way}`}>{say(wayWords[service.way])}</small></a></li>)}
    </ul>
  );
}

export function DraftCards({ reader, drafts }: { reader: Reader; drafts: readonly DraftCard[] }) {
  const { say } = reader;
  return (
    <ul class="rows">
      {drafts.map((draft) => (
        <li>
          <div><strong>{say(draft.service_name)}</strong><span>{say(t.draft_progress(draft.done, draft.total, dayText(reader, draft.expires_on)))}</span></div>
          <a class="button quiet" href={`/applications/${draft.draft_id}`} aria-label={`${say(t.go_on)} ${say(draft.service_name)}`}>{say(t.go_on)}</a>
        </li>
      ))}
    </ul>
  );
}

export function CaseCards({ reader, cases }: { reader: Reader; cases: readonly CaseCard[] }) {
  const { say } = reader;
  return (
    <ul class="rows">
      {cases.map((one) => (
        <li>
          <div>
            <strong>{say(one.service_name)} <State reader={reader} state={one.state} /></strong>
            <span>{say(t.case_line(spacedReceipt(one.receipt_no), momentText(reader, one.submitted_at)))}</span>
          </div>
          <a class="button quiet" href={`/cases/${one.receipt_no}`} aria-label={`${say(t.view)} ${say(one.service_name)} ${spacedReceipt(one.receipt_no)}`}>{say(t.view)}</a>
        </li>
      ))}
    </ul>
  );
}

/** Eight characters, read aloud as 4 + 4. */
export function spacedReceipt(receipt_no: string): string {
  return `${receipt_no.slice(0, 4)} ${receipt_no.slice(4)}`;
}

export function State({ reader: { say }, state }: { reader: Reader; state: TrackerState }) {
  return <span class={`state state-${state}`}>{say(stateWords[state])}</span>;
}

export function Lines({ children }: { children: ComponentChildren }) {
  return <dl class="lines">{children}</dl>;
}

export function Line({ label, children }: { label: string; children: ComponentChildren }) {
  return <div><dt>{label}</dt><dd>{children}</dd></div>;
}

/** An address in two parts, so that the eye meets the door and not the province. */
export function AddressLine({ line }: { line: string }) {
  const [area, door] = splitAddress(line);
  return <span lang="zh-CN">{area === '' ? null : <small>{area}</small>}<b>{door}</b></span>;
}

/** Text that may hold several lines. */
export function Multiline({ text }: { text: string }) {
  return <>{text.split('\n').map((line, index) => <>{index === 0 ? null : <br />}{line}</>)}</>;
}

export function OfflineLines({ reader, ways }: { reader: Reader; ways: OfflineWays }) {
  const { say } = reader;
  const separator: Text = { zh: '、', en: ', ' };
  return (
    <Lines>
      <Line label={say(t.help_phone)}>{say(t.help_phone_text(ways.phone))}</Line>
      <Line label={say(t.offline_counter)}>{say(t.offline_hours(ways.office_hours.map(({ from, to }) => `${from}–${to}`).join(say(separator))))}</Line>
      <Line label={say(t.offline_visit)}>{say(t.offline_visit_text)}</Line>
    </Lines>
  );
}
