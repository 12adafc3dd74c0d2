/** What an act asks for before it is submitted. Nothing typed is lost when the server says no. */
import { useState } from 'preact/hooks';
import { contract as cases, type CaseViewData, type TaskViewData } from '../../../src/modules/cases/contract.ts';
import { say } from '../../kit/language.ts';
import { Field, Notice, violationOf } from '../../kit/pieces.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { useCodes, wordOf } from '../lists.ts';
import { call } from '../session.ts';
import { dialogs as words } from '../texts.ts';
import { Frame, longEnough, TextField, type ActDialogProps } from './act-frame.tsx';
import { alignHouseholds } from './align-households.ts';
import { AnswerDialog } from './answer-dialog.tsx';
import { correctionItems, itemLength, itemsToSend, type CorrectionItem } from './correction-items.ts';
import {
  CertificateDialog, CountersignDialog, DelegateDialog, EnquiryDialog, ExtensionDialog, HandOverDialog, TaskAnswerDialog, TaskObjectDialog, TaskSettleDialog, TransferDialog, UrgeDialog,
} from './verb-dialogs.tsx';

/** Reasons of the office for one use, with the law behind the chosen one. */
function ReasonCodeField({ use, value, onValue, fault }: { use: string; value: string; onValue: (code: string) => void; fault: string | undefined }) {
  const { data } = useLoad(() => call(cases.listReasons, {}), 'reasons');
  const reasons = data?.reasons.filter((reason) => reason.use === use) ?? [];
  const chosen = reasons.find((reason) => reason.code === value);
  return (
    <Field label={say(words.reason_code)} hint={chosen === undefined ? undefined : say(words.law, { law: say(chosen.law) })} fault={fault}>
      {(attributes) => (
        <select {...attributes} data-first value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          <option value="">{say(words.choose)}</option>
          {reasons.map((reason) => <option key={reason.code} value={reason.code}>{say(reason.label)}</option>)}
        </select>
      )}
    </Field>
  );
}

function OpinionDialog(props: ActDialogProps) {
  const [opinion, setOpinion] = useState(say(words.agree_default));
  return (
    <Frame {...props} onSubmit={() => props.onSubmit({ agree: true, opinion: opinion.trim() })} title={words.agree_title}>
      <TextField label={say(words.opinion)} value={opinion} onValue={setOpinion} first fault={violationOf(props.sending.error, 'opinion')} />
    </Frame>
  );
}

function DisagreeDialog(props: ActDialogProps) {
  const [opinion, setOpinion] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (longEnough(opinion) && code !== '') props.onSubmit({ agree: false, opinion: opinion.trim(), reason_code: code });
  };
  return (
    <Frame {...props} onSubmit={submit} title={words.disagree_title}>
      <ReasonCodeField use="reject" value={code} onValue={setCode} fault={tried && code === '' ? say(words.need_code) : violationOf(props.sending.error, 'reason_code')} />
      <TextField label={say(words.reason)} hint={say(words.reason_hint)} value={opinion} onValue={setOpinion} fault={tried && !longEnough(opinion) ? say(words.need_reason) : violationOf(props.sending.error, 'opinion')} />
    </Frame>
  );
}

function RefuseDialog(props: ActDialogProps) {
  const [reason, setReason] = useState('');
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (longEnough(reason) && code !== '') props.onSubmit({ reason_code: code, reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <ReasonCodeField use="refuse_acceptance" value={code} onValue={setCode} fault={tried && code === '' ? say(words.need_code) : violationOf(props.sending.error, 'reason_code')} />
      <TextField label={say(words.reason)} hint={say(words.reason_hint)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

function ReasonDialog(props: ActDialogProps) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (longEnough(reason)) props.onSubmit({ reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <TextField label={say(words.reason)} hint={say(words.reason_internal)} value={reason} onValue={setReason} first fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

function ReturnDialog(props: ActDialogProps) {
  const earlier = props.view.steps.filter((step) => step.state === 'done');
  const [step, setStep] = useState(String(earlier[earlier.length - 1]?.step ?? 1));
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (longEnough(reason)) props.onSubmit({ to_step: Number(step), reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <Field label={say(words.to_step)}>
        {(attributes) => (
          <select {...attributes} value={step} onChange={(event) => setStep(event.currentTarget.value)}>
            {earlier.map((one) => <option key={one.step} value={one.step}>{`${one.step} ${say(one.label)} · ${one.done_by ?? ''}`}</option>)}
          </select>
        )}
      </Field>
      <TextField label={say(words.reason)} hint={say(words.reason_internal)} value={reason} onValue={setReason} first fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

function SupplementDialog(props: ActDialogProps) {
  const told = props.view.corrections?.count ?? 0;
  const [items, setItems] = useState<CorrectionItem[]>(() => correctionItems(props.view));
  const [newFact, setNewFact] = useState('');
  const [tried, setTried] = useState(false);
  const sendable = itemsToSend(items);
  const short = items.some((item) => item.ticked) && sendable.length < items.filter((item) => item.ticked).length;
  const change = (index: number, part: Partial<CorrectionItem>): void => setItems(items.map((item, at) => (at === index ? { ...item, ...part } : item)));
  const submit = (): void => {
    setTried(true);
    if (sendable.length > 0 && !short && (told === 0 || longEnough(newFact))) props.onSubmit({ items: sendable, ...(told === 0 ? {} : { new_fact: newFact.trim() }) });
  };
  return (
    <Frame {...props} onSubmit={submit} title={words.supplement_title} wide submit={say(words.supplement_send, { n: sendable.length })}>
      <p class="soft">{say(words.supplement_way)}</p>
      {tried && (sendable.length === 0 || short) ? <Notice kind="fault" alert><p>{say(words.supplement_empty)}</p></Notice> : null}
      <ol class="correction-items">
        {items.map((item, index) => (
          <li key={index} class={item.ticked ? '' : 'unticked'}>
            <input type="checkbox" aria-label={say(words.supplement_item, { n: index + 1 })} checked={item.ticked} {...(index === 0 ? { 'data-first': true } : {})} onChange={(event) => change(index, { ticked: event.currentTarget.checked })} />
            <textarea aria-label={`${say(words.supplement_item, { n: index + 1 })} ${say(words.supplement_zh)}`} lang="zh-CN" rows={2} maxLength={itemLength.most} value={item.zh} onInput={(event) => change(index, { zh: event.currentTarget.value, ticked: true })} />
            <textarea aria-label={`${say(words.supplement_item, { n: index + 1 })} ${say(words.supplement_en)}`} placeholder={say(words.supplement_en)} lang="en" rows={2} maxLength={itemLength.most_en} value={item.en} onInput={(event) => change(index, { en: event.currentTarget.value })} />
          </li>
        ))}
      </ol>
      <button type="button" disabled={items.length >= 20} onClick={() => setItems([...items, { subject: words.supplement_own.zh, zh: '', en: '', ticked: true }])}>+ {say(words.supplement_add)}</button>
      {told === 0 ? null : (
        <>
          <Notice kind="warning"><p>{say(words.supplement_second, { n: told })}</p></Notice>
          <TextField label={say(words.new_fact)} value={newFact} onValue={setNewFact} most={200} fault={tried && !longEnough(newFact) ? say(words.need_reason) : violationOf(props.sending.error, 'new_fact')} />
        </>
      )}
    </Frame>
  );
}

const objectReasons = { pending_case: words.object_pending_case, lawful_hold: words.object_lawful_hold, wrong_person: words.object_wrong_person, head_problem: words.object_head_problem } as const;

function ObjectDialog(props: ActDialogProps) {
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const [documentNo, setDocumentNo] = useState('');
  const [until, setUntil] = useState('');
  const [tried, setTried] = useState(false);
  const hold = code === 'lawful_hold';
  const submit = (): void => {
    setTried(true);
    if (code === '' || !longEnough(reason)) return;
    props.onSubmit({ reason_code: code, reason: reason.trim(), ...(hold ? { document_no: documentNo.trim(), ...(until === '' ? {} : { hold_until_on: until }) } : {}) });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <Field label={say(words.object_reason)} fault={tried && code === '' ? say(words.need_code) : undefined}>
        {(attributes) => (
          <select {...attributes} data-first value={code} onChange={(event) => setCode(event.currentTarget.value)}>
            <option value="">{say(words.choose)}</option>
            {Object.entries(objectReasons).map(([value, label]) => <option key={value} value={value}>{say(label)}</option>)}
          </select>
        )}
      </Field>
      {hold ? (
        <div class="field-row">
          <Field label={say(words.document_no)} hint={say(words.hold_hint)} fault={violationOf(props.sending.error, 'document_no')}>
            {(attributes) => <input {...attributes} maxLength={60} value={documentNo} onInput={(event) => setDocumentNo(event.currentTarget.value)} />}
          </Field>
          <Field label={say(words.hold_until)} fault={violationOf(props.sending.error, 'hold_until_on')}>
            {(attributes) => <input {...attributes} type="date" value={until} onInput={(event) => setUntil(event.currentTarget.value)} />}
          </Field>
        </div>
      ) : null}
      <TextField label={say(words.reason)} hint={say(words.reason_internal)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

function ResolveDialog(props: ActDialogProps) {
  const [uphold, setUphold] = useState<'' | 'yes' | 'no'>('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (uphold !== '' && longEnough(reason)) props.onSubmit({ uphold: uphold === 'yes', reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      {props.view.suspended === null ? null : <Notice kind="warning"><p>{props.view.suspended.reason}</p></Notice>}
      <fieldset class={tried && uphold === '' ? 'field field-fault' : 'field'}>
        <legend>{say(words.uphold)}</legend>
        {tried && uphold === '' ? <p class="fault">{say(words.need_code)}</p> : null}
        <label class="choice"><input type="radio" name="uphold" data-first checked={uphold === 'no'} onChange={() => setUphold('no')} /> {say(words.uphold_no)}</label>
        <label class="choice"><input type="radio" name="uphold" checked={uphold === 'yes'} onChange={() => setUphold('yes')} /> {say(words.uphold_yes)}</label>
      </fieldset>
      <TextField label={say(words.reason)} hint={say(words.reason_hint)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

/** What the register will do, in sentences. */
function useConsequences(view: CaseViewData): string[] {
  const relations = useCodes('relationship_to_head');
  const join = (names: readonly string[]): string => names.join(say({ zh: '、', en: ', ' }));
  return alignHouseholds(view).flatMap((pair) => {
    const { title, address_text } = pair.after ?? pair.before!;
    const household = say(title);
    const leaving = pair.lines.filter((line) => line.change === 'removed').map((line) => line.before!.name);
    const joining = pair.lines.filter((line) => line.change === 'added').map((line) => line.after!.name);
    return [
      ...(leaving.length > 0 ? [say(words.execute_leave, { names: join(leaving), household })] : []),
      ...(pair.after?.closes === true ? [say(words.execute_close, { household })] : []),
      ...(pair.after?.opens === true ? [say(words.execute_open, { household: address_text })] : []),
      ...(joining.length > 0 ? [say(words.execute_join, { names: join(joining), household })] : []),
      ...pair.lines.filter((line) => line.change === 'changed').map((line) => say(words.execute_relation, { name: line.after!.name, before: wordOf(relations, line.before!.relation), after: wordOf(relations, line.after!.relation) })),
    ];
  });
}

function ExecuteDialog(props: ActDialogProps) {
  const moves = useConsequences(props.view);
  // Where no household changes, what is declared is what will be registered.
  const consequences = moves.length > 0 ? moves : props.view.answers.flatMap((section) => section.fields.map((field) => say(words.execute_item, { item: say(field.label), value: field.value })));
  const [opinion, setOpinion] = useState('');
  return (
    <Frame {...props} onSubmit={() => props.onSubmit(opinion.trim() === '' ? {} : { opinion: opinion.trim() })} title={moves.length > 0 ? words.execute_title : words.execute_items_title} submit={say(props.act.label)}>
      <p>{say(words.execute_way)}</p>
      <ul class="consequences">{consequences.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
      <TextField label={say(words.opinion)} value={opinion} onValue={setOpinion} optional first />
    </Frame>
  );
}

function ConfirmOutDialog(props: ActDialogProps) {
  const [opinion, setOpinion] = useState('');
  return (
    <Frame {...props} onSubmit={() => props.onSubmit(opinion.trim() === '' ? {} : { opinion: opinion.trim() })} title={words.confirm_out_title} submit={say(props.act.label)}>
      <p>{say(words.confirm_out_way)}</p>
      <ul class="consequences">{props.view.movers.map((mover) => <li key={mover.id_number_masked + mover.name}>{mover.name} <span class="code soft">{mover.id_number_masked}</span></li>)}</ul>
      <TextField label={say(words.opinion)} value={opinion} onValue={setOpinion} optional first />
    </Frame>
  );
}

const terminateReasons = { person_died: words.terminate_person_died, court_order: words.terminate_court_order, duplicate_case: words.terminate_duplicate_case } as const;

function TerminateDialog(props: ActDialogProps) {
  const [code, setCode] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (code !== '' && longEnough(reason)) props.onSubmit({ reason_code: code, reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <Field label={say(words.reason_code)} fault={tried && code === '' ? say(words.need_code) : undefined}>
        {(attributes) => (
          <select {...attributes} data-first value={code} onChange={(event) => setCode(event.currentTarget.value)}>
            <option value="">{say(words.choose)}</option>
            {Object.entries(terminateReasons).map(([value, label]) => <option key={value} value={value}>{say(label)}</option>)}
          </select>
        )}
      </Field>
      <TextField label={say(words.reason)} hint={say(words.reason_internal)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

const byName = {
  opinion: OpinionDialog, disagree: DisagreeDialog, supplement: SupplementDialog, answer: AnswerDialog, refuse: RefuseDialog, return: ReturnDialog, confirm_out: ConfirmOutDialog,
  object: ObjectDialog, resolve: ResolveDialog, execute: ExecuteDialog, reason: ReasonDialog, terminate: TerminateDialog, enquiry: EnquiryDialog, hand_over: HandOverDialog,
  certificate: CertificateDialog, transfer: TransferDialog, countersign: CountersignDialog, delegate: DelegateDialog, urge: UrgeDialog,
} as const;

/** Dialogs about one task of the case. */
const ofTask = { task_answer: TaskAnswerDialog, task_settle: TaskSettleDialog, extension: ExtensionDialog, reason: TaskObjectDialog } as const;

export function ActDialog({ task, ...props }: ActDialogProps & { task: TaskViewData | null }) {
  if (task !== null) {
    const About = ofTask[props.act.dialog as keyof typeof ofTask];
    return <About {...props} task={task} />;
  }
  const Content = byName[props.act.dialog as keyof typeof byName];
  return <Content {...props} />;
}
