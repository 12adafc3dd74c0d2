/** Corrections that the applicant brings to the counter: the fields and papers that the list names, each as it stands, to be mended. */
import { useState } from 'preact/hooks';
import { correctedFields } from '../../../src/modules/catalogue/correction-fields.ts';
import type { Field as FieldData, Material, Service } from '../../../src/modules/catalogue/service.ts';
import { contract as cases, type CaseViewData } from '../../../src/modules/cases/contract.ts';
import { Refused } from '../../kit/client.ts';
import { language, say } from '../../kit/language.ts';
import { Fault, Loading, Notice } from '../../kit/pieces.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { Entry, Persons, type FaultOf } from '../counter/entry.tsx';
import { MaterialEntry } from '../counter/material-entry.tsx';
import { scansMax } from '../counter/scans.tsx';
import { answersOf, askedFields, emptyPerson, emptyTyped, filesOf, typedOf, waysOf, withChange, withScans, type Change, type Settled, type Typed } from '../counter/typed.ts';
import { call } from '../session.ts';
import { counter, dialogs as words } from '../texts.ts';
import { Frame, TextField, type ActDialogProps } from './act-frame.tsx';

type Corrections = NonNullable<CaseViewData['corrections']>;

export function AnswerDialog(props: ActDialogProps) {
  const { service_code } = props.view;
  const { data, error } = useLoad((signal) => call(cases.getService, { service_code }, { signal }), service_code);
  if (data === undefined) {
    return <Frame {...props} onSubmit={() => {}} wide>{error === undefined ? <Loading /> : <Fault error={error} />}</Frame>;
  }
  return <AnswerForm {...props} service={data.service as Service} materials={data.materials as Record<string, Material>} corrections={props.view.corrections!} />;
}

/** What one item of the list opens here; what two items name is opened by the first. */
interface ItemParts {
  item: Corrections['items'][number];
  fields: readonly FieldData[];
  code: string | null;
}

function partsOf(service: Service, materials: Record<string, Material>, corrections: Corrections, missing: readonly string[]): { items: ItemParts[]; others: string[] } {
  const opened = new Set<string>();
  const items = corrections.items.map((item): ItemParts => {
    const fields = (correctedFields(service, item.subject)?.fields ?? []).filter(({ name }) => !opened.has(name));
    for (const { name } of fields) opened.add(name);
    const code = materials[item.subject] !== undefined && !opened.has(item.subject) ? item.subject : null;
    if (code !== null) opened.add(code);
    return { item, fields, code };
  });
  return { items, others: missing.filter((code) => !opened.has(code)) };
}

function AnswerForm({ service, materials, corrections, ...props }: ActDialogProps & { service: Service; materials: Record<string, Material>; corrections: Corrections }) {
  const { view, sending, me } = props;
  const missing = view.materials.filter((material) => material.state === 'missing').map(({ code }) => code);
  const [{ items, others }] = useState(() => partsOf(service, materials, corrections, missing));
  const [typed, setTyped] = useState<Typed>(() => ({ ...emptyTyped, ...typedOf(service, corrections.fields) }));
  const [note, setNote] = useState('');
  const [tried, setTried] = useState(false);
  const change = (part: Change): void => setTyped((before) => withChange(before, part));

  const opened = new Set(corrections.fields.filter((field) => field.opened).map(({ name }) => name));
  const asked = new Set(askedFields(service, typed).map(({ name }) => name));
  const before = { ...emptyTyped, ...typedOf(service, corrections.fields) };
  const [answersBefore, answersNow] = [answersOf(service, before), answersOf(service, typed)];
  // Only what was changed travels; the rest stands.
  const changed = Object.fromEntries([...opened].filter((name) => asked.has(name) && JSON.stringify(answersNow[name]) !== JSON.stringify(answersBefore[name])).map((name) => [name, answersNow[name]]));
  const codes = [...items.flatMap(({ code }) => code ?? []), ...others];
  const settledAs = (code: string, { materials: chosen } = typed): { by: Settled; certificate_no: string } => chosen[code] ?? { by: '', certificate_no: '' };
  const settled = codes.map((code) => ({ code, ...settledAs(code) })).filter(({ by }) => by !== '');
  const empty = Object.keys(changed).length === 0 && settled.length === 0 && note.trim() === '';

  const violations = sending.error instanceof Refused ? sending.error.violations : [];
  const faultOf: FaultOf = (name) => violations.find((violation) => violation.field === name || violation.field === `answers.${name}`)?.[language()];
  const placed = new Set([...opened].flatMap((name) => violations.map(({ field }) => field).filter((field) => field.split('.')[0] === name)));
  const elsewhere = violations.filter(({ field }) => !placed.has(field) && !codes.some((code) => field.endsWith(`.${code}`)));
  const held = codes.reduce((sum, code) => sum + (typed.scans[code]?.length ?? 0), 0);

  const submit = (): void => {
    setTried(true);
    if (empty) return;
    props.onSubmit({
      answers: changed,
      materials: settled.map(({ code, by, certificate_no }) => ({ code, by, ...(by === 'certificate' && certificate_no.trim() !== '' ? { certificate_no: certificate_no.trim() } : {}) })),
      ...(note.trim() === '' ? {} : { note: note.trim() }),
    }, filesOf(typed.scans, settled.map(({ code }) => code)));
  };
  const first = items.find(({ fields, code }) => fields.length > 0 || code !== null);
  const paper = (code: string, no_commitment: boolean, isFirst: boolean) => (
    <MaterialEntry
      key={code} code={code} name={say(materials[code]!.name)} why={say(materials[code]!.why)} optional={false} first={isFirst}
      ways={waysOf(materials[code]!).filter((way) => !(no_commitment && way === 'commitment'))} untouched={counter.by_none}
      settled={settledAs(code)} onSettled={(one) => change({ materials: { ...typed.materials, [code]: one } })}
      scans={typed.scans[code] ?? []} onScans={(scans) => change((before) => withScans(before, code, scans, settledAs(code, before)))} room={scansMax - held} faultOf={faultOf}
    />
  );
  const entry = (field: FieldData) => (field.type === 'person_list' ? (
    <Persons key={field.name} field={field} persons={typed.persons} onPersons={(persons) => change({ persons })} faultOf={faultOf} onAdd={() => change({ persons: [...typed.persons, emptyPerson] })} />
  ) : (
    <Entry
      key={field.name} field={field} value={typed.fields[field.name] ?? ''} onValue={(value) => change({ fields: { ...typed.fields, [field.name]: value } })} fault={faultOf(field.name)}
      address={typed.addresses[field.name]} org_code={me.post.org_code} org_level={me.org_level}
      onAddress={(address) => {
        const { [field.name]: _, ...rest } = typed.addresses;
        change({ addresses: address === undefined ? rest : { ...rest, [field.name]: address } });
      }}
    />
  ));
  return (
    <Frame {...props} onSubmit={submit} wide faultsShown={violations.length > 0 && elsewhere.length === 0}>
      <p class="soft">{say(words.answer_way)}</p>
      {tried && empty ? <Notice kind="fault" alert><p>{say(words.answer_empty)}</p></Notice> : null}
      {violations.length > 0 && elsewhere.length === 0 ? <Notice kind="fault" alert><p>{say(counter.faults, { n: violations.length })}</p></Notice> : null}
      <ol class="answer-items">
        {items.map((part, index) => (
          <li key={index}>
            <p class="answer-told"><span class="answer-n" aria-hidden="true">{index + 1}</span>{say(part.item)}</p>
            {part.fields.length === 0 ? null : <div class="form-grid" {...(part === first ? { 'data-first': true } : {})}>{part.fields.filter(({ name }) => asked.has(name)).map(entry)}</div>}
            {part.code === null ? null : <ul class="counter-materials">{paper(part.code, part.item.no_commitment === true, part === first)}</ul>}
          </li>
        ))}
      </ol>
      {others.length === 0 ? null : (
        <>
          <h3>{say(words.answer_materials)}</h3>
          <ul class="counter-materials">{others.map((code) => paper(code, false, false))}</ul>
        </>
      )}
      <TextField label={say(words.answer_note)} value={note} onValue={setNote} optional first={first === undefined} />
    </Frame>
  );
}
