/** What the verbs of approvers ask for: enquiries, colleagues, units, answers to tasks, more time. */
import { useState } from 'preact/hooks';
import { contract as cases, type TaskViewData } from '../../../src/modules/cases/contract.ts';
import { say } from '../../kit/language.ts';
import { Fault, Field, Notice, violationOf } from '../../kit/pieces.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { call } from '../session.ts';
import { dialogs as words } from '../texts.ts';
import { Frame, longEnough, TextField, type ActDialogProps } from './act-frame.tsx';

/** The task that a dialog is about. */
export type TaskDialogProps = ActDialogProps & { task: TaskViewData };

const today = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
const lines = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');

/** One of a few, told in words. */
function Choice<T extends string>({ legend, name, options, value, onValue, fault }: { legend: string; name: string; options: readonly (readonly [T, string])[]; value: T | ''; onValue: (value: T) => void; fault?: string | undefined }) {
  return (
    <fieldset class={fault === undefined ? 'field' : 'field field-fault'}>
      <legend>{legend}</legend>
      {fault === undefined ? null : <p class="fault">{fault}</p>}
      {options.map(([option, label], index) => (
        <label key={option} class="choice"><input type="radio" name={name} {...(index === 0 ? { 'data-first': true } : {})} checked={value === option} onChange={() => onValue(option)} /> {label}</label>
      ))}
    </fieldset>
  );
}

type Result = 'confirmed' | 'partly' | 'not_confirmed';
interface Enquiry {
  result: Result | '';
  people_met: string;
  enquired_on: string;
}
const enquiryReady = ({ result, people_met, enquired_on }: Enquiry): boolean => result !== '' && lines(people_met).length > 0 && enquired_on !== '';
const enquiryInput = (enquiry: Enquiry) => ({ result: enquiry.result, people_met: lines(enquiry.people_met), enquired_on: enquiry.enquired_on });

function EnquiryFields({ enquiry, onEnquiry, tried, error }: { enquiry: Enquiry; onEnquiry: (enquiry: Enquiry) => void; tried: boolean; error: unknown }) {
  const results = [['confirmed', say(words.enquiry_confirmed)], ['partly', say(words.enquiry_partly)], ['not_confirmed', say(words.enquiry_not_confirmed)]] as const;
  return (
    <>
      <Choice legend={say(words.enquiry_result)} name="result" options={results} value={enquiry.result} onValue={(result) => onEnquiry({ ...enquiry, result })} fault={tried && enquiry.result === '' ? say(words.need_result) : undefined} />
      <Field label={say(words.enquiry_on)} fault={violationOf(error, 'enquired_on')}>
        {(attributes) => <input {...attributes} type="date" max={today()} value={enquiry.enquired_on} onInput={(event) => onEnquiry({ ...enquiry, enquired_on: event.currentTarget.value })} />}
      </Field>
      <Field label={say(words.people_met)} hint={say(words.people_met_hint)} fault={tried && lines(enquiry.people_met).length === 0 ? say(words.need_people) : violationOf(error, 'people_met')}>
        {(attributes) => <textarea {...attributes} rows={2} value={enquiry.people_met} onInput={(event) => onEnquiry({ ...enquiry, people_met: event.currentTarget.value })} />}
      </Field>
    </>
  );
}

export function EnquiryDialog(props: ActDialogProps) {
  const [enquiry, setEnquiry] = useState<Enquiry>({ result: '', people_met: '', enquired_on: today() });
  const [findings, setFindings] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (enquiryReady(enquiry) && longEnough(findings)) props.onSubmit({ ...enquiryInput(enquiry), findings: findings.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <EnquiryFields enquiry={enquiry} onEnquiry={setEnquiry} tried={tried} error={props.sending.error} />
      <TextField label={say(words.findings)} hint={say(words.reason_internal)} value={findings} onValue={setFindings} fault={tried && !longEnough(findings) ? say(words.need_reason) : violationOf(props.sending.error, 'findings')} />
    </Frame>
  );
}

function useColleagues(case_id: string) {
  return useLoad((signal) => call(cases.listColleagues, { case_id }, { signal }), `colleagues ${case_id}`);
}

function ColleagueField({ kind, case_id, value, onValue, tried }: { kind: 'transfer' | 'opinion'; case_id: string; value: string; onValue: (value: string) => void; tried: boolean }) {
  const { data, error } = useColleagues(case_id);
  const people = data?.[kind] ?? [];
  return (
    <>
      <Fault error={error} />
      {data !== undefined && people.length === 0 ? <Notice kind="warning"><p>{say(words.colleague_none)}</p></Notice> : null}
      <Field label={say(words.colleague)} fault={tried && value === '' ? say(words.need_colleague) : undefined}>
        {(attributes) => (
          <select {...attributes} data-first value={value} onChange={(event) => onValue(event.currentTarget.value)}>
            <option value="">{say(words.choose)}</option>
            {people.map((one) => <option key={`${one.officer_id} ${one.role}`} value={`${one.officer_id} ${one.role}`}>{`${one.name} · ${say(one.role_label)} · ${one.police_number}`}</option>)}
          </select>
        )}
      </Field>
    </>
  );
}

export function TransferDialog(props: ActDialogProps) {
  const [colleague, setColleague] = useState('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    const [officer_id, role] = colleague.split(' ');
    if (colleague !== '' && longEnough(reason)) props.onSubmit({ officer_id, role, reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <ColleagueField kind="transfer" case_id={props.view.case_id} value={colleague} onValue={setColleague} tried={tried} />
      <TextField label={say(words.reason)} hint={say(words.reason_internal)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

function DaysField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  return (
    <Field label={say(words.days)}>
      {(attributes) => <input {...attributes} type="number" min={1} max={30} value={value} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}
const daysInput = (value: string) => (Number.isInteger(Number(value)) && Number(value) > 0 ? { working_days: Number(value) } : {});

export function CountersignDialog(props: ActDialogProps) {
  const [colleague, setColleague] = useState('');
  const [wanted, setWanted] = useState('');
  const [days, setDays] = useState('1');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (colleague !== '' && longEnough(wanted)) props.onSubmit({ officer_id: colleague.split(' ')[0], wanted: wanted.trim(), ...daysInput(days) });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <p class="soft">{say(words.countersign_way)}</p>
      <ColleagueField kind="opinion" case_id={props.view.case_id} value={colleague} onValue={setColleague} tried={tried} />
      <TextField label={say(words.wanted)} hint={say(words.wanted_hint)} value={wanted} onValue={setWanted} fault={tried && !longEnough(wanted) ? say(words.need_reason) : violationOf(props.sending.error, 'wanted')} />
      <DaysField value={days} onValue={setDays} />
    </Frame>
  );
}

export function DelegateDialog(props: ActDialogProps) {
  const { data, error } = useColleagues(props.view.case_id);
  const [units, setUnits] = useState<readonly string[]>([]);
  const [wanted, setWanted] = useState('');
  const [days, setDays] = useState('3');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (units.length > 0 && longEnough(wanted)) props.onSubmit({ units, wanted: wanted.trim(), ...daysInput(days) });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <p class="soft">{say(words.delegate_way)}</p>
      <Fault error={error} />
      <fieldset class={tried && units.length === 0 ? 'field field-fault' : 'field'}>
        <legend>{say(words.units)}</legend>
        {tried && units.length === 0 ? <p class="fault">{say(words.need_units)}</p> : null}
        {(data?.units ?? []).map((unit) => (
          <label key={unit.org_code} class="choice">
            <input
              type="checkbox" checked={units.includes(unit.org_code)}
              onChange={(event) => setUnits(event.currentTarget.checked ? [...units, unit.org_code] : units.filter((one) => one !== unit.org_code))}
            /> {unit.org_name}
          </label>
        ))}
      </fieldset>
      <TextField label={say(words.wanted)} hint={say(words.wanted_hint)} value={wanted} onValue={setWanted} first fault={tried && !longEnough(wanted) ? say(words.need_reason) : violationOf(props.sending.error, 'wanted')} />
      <DaysField value={days} onValue={setDays} />
    </Frame>
  );
}

export function UrgeDialog(props: ActDialogProps) {
  const [message, setMessage] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (longEnough(message)) props.onSubmit({ message: message.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <TextField label={say(words.message)} hint={say(words.wanted_hint)} value={message} onValue={setMessage} first fault={tried && !longEnough(message) ? say(words.need_reason) : violationOf(props.sending.error, 'message')} />
    </Frame>
  );
}

export function HandOverDialog(props: ActDialogProps) {
  const [name, setName] = useState(props.view.applicant.name);
  const [last4, setLast4] = useState('');
  const [mandate, setMandate] = useState(false);
  const [courier, setCourier] = useState('');
  const submit = (): void => props.onSubmit({ received_by: name.trim(), id_number_last4: last4.trim().toUpperCase(), by_mandate: mandate, ...(courier.trim() === '' ? {} : { courier_no: courier.trim() }) });
  return (
    <Frame {...props} onSubmit={submit}>
      <div class="field-row">
        <Field label={say(words.received_by)} fault={violationOf(props.sending.error, 'received_by')}>
          {(attributes) => <input {...attributes} data-first maxLength={60} value={name} onInput={(event) => setName(event.currentTarget.value)} />}
        </Field>
        <Field label={say(words.last4)} fault={violationOf(props.sending.error, 'id_number_last4')}>
          {(attributes) => <input {...attributes} class="code" maxLength={4} value={last4} onInput={(event) => setLast4(event.currentTarget.value)} />}
        </Field>
      </div>
      <label class="choice"><input type="checkbox" checked={mandate} onChange={(event) => setMandate(event.currentTarget.checked)} /> {say(words.by_mandate)}</label>
      <Field label={say(words.courier_no)} optional>
        {(attributes) => <input {...attributes} class="code" maxLength={40} value={courier} onInput={(event) => setCourier(event.currentTarget.value)} />}
      </Field>
    </Frame>
  );
}

export function CertificateDialog(props: ActDialogProps) {
  const [number, setNumber] = useState('');
  return (
    <Frame {...props} onSubmit={() => props.onSubmit({ migration_certificate_no: number.trim().toUpperCase() })}>
      <Field label={say(words.certificate_no)} hint={say(words.certificate_hint)} fault={violationOf(props.sending.error, 'migration_certificate_no')}>
        {(attributes) => <input {...attributes} data-first class="code" maxLength={40} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />}
      </Field>
    </Frame>
  );
}

/* ---- Answers to tasks ------------------------------------------------------------------------------------------------- */

export function TaskAnswerDialog({ task, ...props }: TaskDialogProps) {
  const [enquiry, setEnquiry] = useState<Enquiry>({ result: '', people_met: '', enquired_on: today() });
  const [agree, setAgree] = useState<'' | 'yes' | 'no'>('');
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const enquires = task.kind === 'verify';
  const reviews = task.kind === 'review';
  const submit = (): void => {
    setTried(true);
    if (!longEnough(text) || (enquires && !enquiryReady(enquiry)) || (reviews && agree === '')) return;
    props.onSubmit({ task_id: task.task_id, text: text.trim(), ...(reviews ? { agree: agree === 'yes' } : {}), ...(enquires ? { enquiry: enquiryInput(enquiry) } : {}) });
  };
  const title = { zh: words.task_answer_title.zh.replace('{task}', task.label.zh), en: words.task_answer_title.en.replace('{task}', task.label.en) };
  return (
    <Frame {...props} onSubmit={submit} title={title}>
      <Notice kind="info"><p>{task.wanted}</p></Notice>
      {enquires ? <EnquiryFields enquiry={enquiry} onEnquiry={setEnquiry} tried={tried} error={props.sending.error} /> : null}
      {reviews ? <Choice legend={say(words.review_agree)} name="agree" options={[['yes', say(words.agree_yes)], ['no', say(words.agree_no)]]} value={agree} onValue={setAgree} fault={tried && agree === '' ? say(words.need_code) : undefined} /> : null}
      <TextField label={say(enquires ? words.findings : words.answer_text)} hint={say(words.wanted_hint)} value={text} onValue={setText} first={!enquires && !reviews} fault={tried && !longEnough(text) ? say(words.need_reason) : violationOf(props.sending.error, 'text')} />
    </Frame>
  );
}

export function TaskSettleDialog({ task, ...props }: TaskDialogProps) {
  const [way, setWay] = useState<'' | 'back' | 'insist'>(task.state === 'objected' ? '' : 'back');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (way !== '' && longEnough(reason)) props.onSubmit({ task_id: task.task_id, insist: way === 'insist', reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      {task.state === 'objected' && task.answer !== null ? <Notice kind="warning"><p>{task.answer.text}</p></Notice> : null}
      <Choice legend={say(words.settle)} name="settle" options={[['back', say(words.settle_back)], ...(task.state === 'objected' ? [['insist', say(words.settle_insist)] as const] : [])]} value={way} onValue={setWay} fault={tried && way === '' ? say(words.need_code) : undefined} />
      <TextField label={say(words.reason)} hint={say(words.wanted_hint)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

export function TaskObjectDialog({ task, ...props }: TaskDialogProps) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (longEnough(reason)) props.onSubmit({ task_id: task.task_id, reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <Notice kind="info"><p>{task.wanted}</p></Notice>
      <TextField label={say(words.reason)} hint={say(words.wanted_hint)} value={reason} onValue={setReason} first fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}

export function ExtensionDialog({ task, ...props }: TaskDialogProps) {
  const [grant, setGrant] = useState<'' | 'yes' | 'no'>('');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const submit = (): void => {
    setTried(true);
    if (grant !== '' && longEnough(reason)) props.onSubmit({ grant: grant === 'yes', reason: reason.trim() });
  };
  return (
    <Frame {...props} onSubmit={submit}>
      <Notice kind="info">
        <p>{say(words.extension_way, { reason: task.wanted })}</p>
        <p>{say(words.extension_days, { n: props.view.extension_working_days })}</p>
      </Notice>
      <Choice legend={say(words.settle)} name="grant" options={[['yes', say(words.extension_grant)], ['no', say(words.extension_refuse)]]} value={grant} onValue={setGrant} fault={tried && grant === '' ? say(words.need_code) : undefined} />
      <TextField label={say(words.reason)} hint={say(words.wanted_hint)} value={reason} onValue={setReason} fault={tried && !longEnough(reason) ? say(words.need_reason) : violationOf(props.sending.error, 'reason')} />
    </Frame>
  );
}
