/** One screen from opening to decision: what is declared, the materials, the checks, both households, the acts. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { contract as cases, type CaseViewData, type TaskViewData } from '../../../src/modules/cases/contract.ts';
import type { Operation, OutputOf } from '../../../src/kernel/operation.ts';
import { Refused, type FileToSend } from '../../kit/client.ts';
import { dueText, instantText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { language, say, type Text } from '../../kit/language.ts';
import { Fault, KeyCap, Lamp, Loading, Notice } from '../../kit/pieces.tsx';
import { go, Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { announce } from '../announce.tsx';
import { reviewKeys } from '../keys.ts';
import { neighbourOf, rememberedQueue } from '../lists.ts';
import { ActBar, moreId, type OfferedAct } from '../review/act-bar.tsx';
import { ActDialog } from '../review/act-dialogs.tsx';
import { actButtons, operations, type ActButton, type ActName } from '../review/acts.ts';
import { ChecksPane, doneBy } from '../review/checks-pane.tsx';
import { ClaimsPane } from '../review/claims-pane.tsx';
import { HouseholdsBand } from '../review/households-band.tsx';
import { MaterialsPane, scansOf } from '../review/materials-pane.tsx';
import { focusPane } from '../review/pane.tsx';
import { StaleNotice, type Stale } from '../review/stale-notice.tsx';
import { TasksPanel } from '../review/tasks-panel.tsx';
import { fitted, turned, zoomed } from '../review/viewer-state.ts';
import { whatChanged } from '../review/what-changed.ts';
import { useScreenActs } from '../screen-acts.ts';
import { useSending } from '../sending.tsx';
import { call, may, type Me, type Session } from '../session.ts';
import { changes as changeTexts, review as words, shell, states, tasks as taskWords } from '../texts.ts';

type Done = OutputOf<typeof cases.acceptCase>;

export function ReviewPage({ case_id, session }: { case_id: string; session: Extract<Session, { me: Me }> }) {
  const loaded = useLoad((signal) => call(cases.getCase, { case_id }, { signal }), case_id);
  if (loaded.data === undefined) return <div class="page">{loaded.error === undefined ? <Loading /> : <><Fault error={loaded.error} /><p><Link href="/queue">{say(shell.to_queue)}</Link></p></>}</div>;
  return <Review view={loaded.data} reload={loaded.reload} session={session} />;
}

/** Acts of the server as this screen offers them: those the post has no right to are not shown at all. */
function offeredActs(view: CaseViewData, unseen: number, session: Session): OfferedAct[] {
  return actButtons.flatMap((button): OfferedAct[] => {
    const answer = view.acts.find((one) => one.act === button.act);
    if (answer === undefined || !may(session, operations[button.act as ActName].permission)) return [];
    // One cannot put back what one does not hold, nor take what one holds.
    if ((button.act === 'release' && view.claim?.mine !== true) || (button.act === 'claim' && view.claim?.mine === true)) return [];
    const gate: Text | null = button.after_scans === true && unseen > 0 ? { zh: words.unseen.zh.replace('{n}', String(unseen)), en: words.unseen.en.replace('{n}', String(unseen)) } : null;
    return [{ ...button, allowed: answer.allowed, why_not: answer.allowed ? gate : answer.why_not ?? words.nothing_to_do }];
  });
}

/** What stands out of a case's way: ordered by the level above, tasks that are late, time that was lengthened. */
function Marks({ view }: { view: CaseViewData }) {
  const orders = view.tasks.filter((task) => task.kind === 'supervise' && task.state === 'open').length;
  const late = view.tasks.filter((task) => task.lamp === 'red' && task.kind !== 'supervise').length;
  return (
    <>
      {orders === 0 ? null : <span class="chip chip-bad">{say(taskWords.supervised, { n: orders })}</span>}
      {late === 0 ? null : <span class="chip chip-bad">{say(taskWords.overdue, { n: late })}</span>}
      {view.extension === null ? null : <span class="chip" title={view.extension.reason}>{say(taskWords.extended, { n: view.extension.working_days })}</span>}
    </>
  );
}

function Review({ view, reload, session }: { view: CaseViewData; reload: () => Promise<CaseViewData | undefined>; session: Extract<Session, { me: Me }> }) {
  const scans = useMemo(() => scansOf(view), [view]);
  const [scanAt, setScanAt] = useState(0);
  const at = Math.min(scanAt, Math.max(0, scans.length - 1));
  const [shown, setShown] = useState(fitted);
  // What the server knows to have been opened, and what was shown since; agreeing asks the server.
  const [shownSince, setShownSince] = useState<ReadonlySet<string>>(new Set());
  const seen = useMemo(() => new Set([...shownSince, ...scans.flatMap((scan) => (scan.opened ? [scan.sha256] : []))]), [scans, shownSince]);
  const [enlarged, setEnlarged] = useState(false);
  const [asking, setAsking] = useState<(OfferedAct & { task?: TaskViewData }) | null>(null);
  const [done, setDone] = useState<{ act: Text; state: CaseViewData['state'] } | null>(null);
  const [stale, setStale] = useState<Stale | null>(null);
  const [refusal, setRefusal] = useState('');
  const sending = useSending();
  const latest = useRef(view);
  latest.current = view;

  const unseen = scans.filter((scan) => scan.material.must_open && !seen.has(scan.sha256)).length;
  const offered = offeredActs(view, unseen, session);

  const showScan = useCallback((next: number) => {
    setScanAt(next);
    setShown(fitted);
  }, []);

  const perform = (act: OfferedAct, input: Record<string, unknown>, files: readonly FileToSend[] = []): void => {
    setRefusal('');
    setDone(null);
    setStale(null);
    void sending.send(async (onRetry, onProgress) => {
      const seenVersion = latest.current;
      const operation: Operation = operations[act.act as ActName];
      let answer: Done;
      try {
        answer = await call(operation, { case_id: seenVersion.case_id, case_version: seenVersion.case_version, ...input } as never, { onRetry, files, onProgress }) as Done;
      } catch (error) {
        if (error instanceof Refused && error.status === 409) {
          const now = await reload();
          const changed = now === undefined ? [] : whatChanged(seenVersion, now);
          if (error.code === 'cases.stale' || changed.length > 0) {
            setStale({ text: error.text, changes: changed });
            // Said once, as what changed, and not again as a fault.
            if (error.code === 'cases.stale') return;
          }
        }
        throw error;
      }
      setAsking(null);
      setDone({ act: act.label, state: answer.state });
      announce(say(words.done, { act: say(act.label), state: say(states[answer.state]) }));
      await reload();
    });
  };
  const tryAct = (act: OfferedAct | undefined): void => {
    if (act === undefined || sending.sending) return;
    if (act.why_not !== null) {
      setRefusal(say(words.why_not, { act: say(act.label), reason: act.why_not[language()] }));
      return;
    }
    setRefusal('');
    setStale(null);
    sending.forget();
    if (act.dialog === null) perform(act, {});
    else setAsking(act);
  };
  const tryTask = (button: ActButton, task: TaskViewData): void => {
    if (sending.sending) return;
    setRefusal('');
    setStale(null);
    sending.forget();
    setAsking({ ...button, allowed: true, why_not: null, task });
  };
  const answerable = view.tasks.find((task) => task.acts.includes('answer_task'));
  // One key may stand for the same decision at two steps; the case is at one of them.
  const byKey = (...names: string[]): (() => void) => () => {
    const meant = offered.filter((act) => names.includes(act.name));
    tryAct(meant.find((act) => act.allowed) ?? meant[0]);
  };

  const stepDue = view.steps.find((step) => step.state === 'active')?.due_at ?? null;
  const queue = rememberedQueue().queue;
  const next = neighbourOf(view.case_id, 1);
  const previous = neighbourOf(view.case_id, -1);
  const withScans = (way: 1 | -1) => (scans.length < 2 ? undefined : () => showScan((at + way + scans.length) % scans.length));

  useKeys(reviewKeys, {
    pane_claims: () => focusPane('claims'), pane_materials: () => focusPane('materials'), pane_checks: () => focusPane('checks'), pane_households: () => focusPane('households'), pane_acts: () => focusPane('acts'),
    next_scan: withScans(1), previous_scan: withScans(-1),
    enlarge: scans.length === 0 ? undefined : () => setEnlarged(!enlarged),
    zoom_in: () => setShown(zoomed(shown, 1)), zoom_out: () => setShown(zoomed(shown, -1)), zoom_fit: () => setShown(fitted), rotate: () => setShown(turned(shown)),
    first_fault: () => {
      const fault = document.querySelector<HTMLElement>('.pane-checks [data-fault], [data-fault]');
      fault?.focus();
      fault?.scrollIntoView({ block: 'nearest' });
    },
    claim: byKey('claim'), release: byKey('release'), accept: byKey('accept'), request_supplement: byKey('request_supplement'), answer_supplement: byKey('answer_supplement'), refuse_acceptance: byKey('refuse_acceptance'),
    agree: byKey('review_agree', 'approve_agree'), disagree: byKey('review_disagree', 'approve_disagree'), return: byKey('return'),
    confirm_out: byKey('confirm_out'), object_out: byKey('object_out'), resolve_objection: byKey('resolve_objection'), execute: byKey('execute'), withdraw: byKey('withdraw'), terminate: byKey('terminate'),
    verify: byKey('verify'), hand_over: byKey('hand_over'), deliver_copy: byKey('deliver_copy'), receive_certificate: byKey('receive_certificate'), recall: byKey('recall'), transfer: byKey('transfer'), countersign: byKey('countersign'),
    delegate: byKey('delegate'), urge: byKey('urge'), supervise: byKey('supervise'), ask_extension: byKey('ask_extension'), void: byKey('void'),
    answer_task: answerable === undefined ? undefined : () => tryTask(actButtons.find((button) => button.name === 'answer_task')!, answerable),
    pane_tasks: view.tasks.length + view.enquiries.length === 0 ? undefined : () => focusPane('tasks'),
    more: () => {
      const menu = document.getElementById(moreId) as HTMLDetailsElement | null;
      if (menu !== null) menu.open = !menu.open;
    },
    timeline: () => go(`/case/${view.case_id}/timeline`),
    papers: () => go(`/case/${view.case_id}/papers`),
    next_case: next === undefined ? undefined : () => go(`/case/${next}`),
    previous_case: previous === undefined ? undefined : () => go(`/case/${previous}`),
    back: () => (enlarged ? setEnlarged(false) : go(`/queue/${queue}`)),
  });
  useScreenActs(offered.filter((act) => act.why_not === null).map((act) => ({ label: act.label, key: act.key?.keys[0], run: () => tryAct(act) })));

  return (
    <div class="review">
      <header class="case-head">
        <Link href={`/queue/${queue}`} class="back">‹ {say(words.back)} <KeyCap of={reviewKeys.back} /></Link>
        <h1>{say(view.service_name)} <span class="case-applicant">{view.applicant.name}</span></h1>
        <p class="case-facts">
          <span class={`state state-${view.state}`}>{say(states[view.state])}</span>
          {view.case_no === null ? null : <span class="code">{say(words.number, { no: view.case_no })}</span>}
          {view.receipt_no === null ? null : <span class="code soft">{say(words.receipt, { no: `${view.receipt_no.slice(0, 4)} ${view.receipt_no.slice(4)}` })}</span>}
          <span class="soft">{say(words.arrived, { at: instantText(view.submitted_at) })}</span>
          {view.closed_at === null ? <span class="case-due"><Lamp lamp={view.lamp} />{stepDue === null ? null : say(words.step_due, { due: dueText(stepDue) })}{view.due_at === null ? null : <span class="soft"> {say(words.due, { due: dueText(view.due_at) })}</span>}</span> : null}
          <Marks view={view} />
          {view.claim === null ? null : (
            <span class={view.claim.mine ? 'chip chip-good' : 'chip chip-amber'}>
              {view.claim.mine ? say(words.claim_mine, { until: instantText(view.claim.until) }) : say(words.claim_other, { name: view.claim.name, org: view.claim.org_name, until: instantText(view.claim.until), phone: view.claim.phone ?? '—' })}
            </span>
          )}
        </p>
        <nav class="case-ways">
          <Link href={`/case/${view.case_id}/timeline`}>{say(words.timeline)} <KeyCap of={reviewKeys.timeline} /></Link>
          <Link href={`/case/${view.case_id}/papers`}>{say(words.papers)} <KeyCap of={reviewKeys.papers} /></Link>
          {previous === undefined ? null : <Link href={`/case/${previous}`}>{say(words.previous)} <KeyCap of={reviewKeys.previous_case} /></Link>}
          {next === undefined ? null : <Link href={`/case/${next}`}>{say(words.next)} <KeyCap of={reviewKeys.next_case} /></Link>}
        </nav>
        <ol class="steps" aria-label={say(words.steps)}>
          {view.steps.map((step) => (
            <li key={step.step} class={`step step-${step.state}`} aria-current={step.state === 'active' ? 'step' : undefined} title={`${step.org_name}${step.done_by === null ? '' : ` · ${doneBy(step)}`}`}>
              <span class="step-mark" aria-hidden="true">{step.state === 'done' || step.state === 'automatic' ? '✓' : step.state === 'active' ? '▶' : step.state === 'objected' || step.state === 'refused' ? '✕' : step.state === 'returned' ? '↩' : step.step}</span>
              {say(step.label)}<span class="unseen"> {say((changeTexts as Record<string, Text>)[`step_${step.state}`] ?? changeTexts.step_waiting)}</span>
            </li>
          ))}
        </ol>
      </header>
      <div class="case-news">
        {stale !== null && asking === null ? <StaleNotice stale={stale} onRead={() => setStale(null)} /> : null}
        {asking === null ? <Fault error={sending.error} /> : null}
        {done === null ? null : (
          <Notice kind="done">
            <p>{say(words.done, { act: say(done.act), state: say(states[done.state]) })} {next === undefined ? <Link href={`/queue/${queue}`}>{say(words.back)} <KeyCap of={reviewKeys.back} /></Link> : <Link href={`/case/${next}`}>{say(words.next)} <KeyCap of={reviewKeys.next_case} /></Link>}</p>
          </Notice>
        )}
      </div>
      <div class={enlarged ? 'panes panes-enlarged' : 'panes'}>
        <ClaimsPane view={view} />
        <MaterialsPane view={view} scans={scans} at={at} onAt={showScan} shown={shown} onShown={setShown} enlarged={enlarged} onEnlarged={setEnlarged} seen={seen} onSeen={(sha256) => setShownSince((before) => new Set([...before, sha256]))} />
        <ChecksPane view={view}><TasksPanel view={view} onAct={tryTask} first={answerable} /></ChecksPane>
        <HouseholdsBand view={view} />
      </div>
      <ActBar offered={offered} onAct={tryAct} sending={sending} refusal={refusal} />
      {asking === null ? null : <ActDialog key={asking.name + (asking.task?.task_id ?? '')} act={asking} task={asking.task ?? null} view={view} sending={sending} me={session.me} stale={stale} onSubmit={(input, files) => perform(asking, input, files)} onClose={() => setAsking(null)} />}
    </div>
  );
}
