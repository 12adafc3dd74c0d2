/** Entry at the counter: the form of the catalogue, by keys alone, with every fault at its field. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import type { Material, Service } from '../../../src/modules/catalogue/service.ts';
import { Refused } from '../../kit/client.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { language, say } from '../../kit/language.ts';
import { Fault, Field, KeyCap, Loading, Notice } from '../../kit/pieces.tsx';
import { go, Link } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { useDesk } from '../counter/desk.tsx';
import { Entered, enteredHandlers, type EnteredCase } from '../counter/entered.tsx';
import { Entry, NumberInput, Persons, type FaultOf } from '../counter/entry.tsx';
import { chooseByDigit } from '../counter/form-keys.ts';
import { MaterialEntry } from '../counter/material-entry.tsx';
import { scansMax } from '../counter/scans.tsx';
import { askedFields, emptyPerson, emptyTyped, filesOf, neededMaterials, phoneField, requiredEntries, settledOf, submissionOf, waysOf, withChange, withScans, type Change, type Typed } from '../counter/typed.ts';
import { counterKeys } from '../keys.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { call, type Me, type Session } from '../session.ts';
import { counter as words, review } from '../texts.ts';

export function CounterPage({ service_code, session }: { service_code: string | undefined; session: Extract<Session, { me: Me }> }) {
  if (service_code === undefined) return <ServiceChoice />;
  return <ServiceEntry service_code={service_code} session={session} />;
}

/** By its number, or by any part of its name or summary. */
function ServiceChoice() {
  const { data, error } = useLoad((signal) => call(cases.listServices, {}, { signal }), 'services');
  const [wanted, setWanted] = useState('');
  const sought = wanted.trim().toLowerCase();
  const found = (data?.services ?? []).filter((service) => service.code.toLowerCase().startsWith(sought) || `${say(service.name)} ${say(service.summary)}`.toLowerCase().includes(sought));
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  return (
    <div class="page">
      <h1>{say(words.title)}</h1>
      <form class="service-search" onSubmit={(event) => {
        event.preventDefault();
        if (sought !== '' && found[0] !== undefined) go(`/counter/${found[0].code}`);
      }}>
        <Field label={say(words.choose)} hint={say(words.choose_hint)}>
          {(attributes) => <input {...attributes} ref={input} type="search" autocomplete="off" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />}
        </Field>
      </form>
      <Fault error={error} />
      {data === undefined ? (error === undefined ? <Loading /> : null) : found.length === 0 ? <p role="status">{say(words.none_found)}</p> : (
        <ul class="services">
          {found.map((service) => (
            <li key={service.code}><Link href={`/counter/${service.code}`}><span class="code">{service.code}</span> <strong>{say(service.name)}</strong><span class="soft">{say(service.summary)}</span></Link></li>
          ))}
        </ul>
      )}
    </div>
  );
}

function ServiceEntry({ service_code, session }: { service_code: string; session: Extract<Session, { me: Me }> }) {
  const { data, error } = useLoad((signal) => call(cases.getService, { service_code }, { signal }), service_code);
  if (data === undefined) return <div class="page"><h1>{say(words.title)}</h1>{error === undefined ? <Loading /> : <Fault error={error} />}</div>;
  return <CounterForm service={data.service as Service} materials={data.materials as Record<string, Material>} session={session} />;
}

/** What was typed, kept in memory while this officer is signed in; a new sign-in by somebody else loads the page anew. */
const drafts = new Map<string, Typed>();

const entryOf = (name: string): HTMLElement | null => document.querySelector(`[data-entry="${CSS.escape(name)}"]`);

function CounterForm({ service, materials, session }: { service: Service; materials: Record<string, Material>; session: Extract<Session, { me: Me }> }) {
  const { me } = session;
  const draftKey = `${me.officer_id} ${service.code}`;
  const [typed, setTypedState] = useState<Typed>(drafts.get(draftKey) ?? emptyTyped);
  const sending = useSending();
  const [entered, setEntered] = useState<EnteredCase | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const latest = useRef(typed);
  latest.current = typed;
  const setTyped = (change: Change): void => setTypedState((before) => {
    const next = withChange(before, change);
    drafts.set(draftKey, next);
    return next;
  });
  const dirty = typed !== emptyTyped;
  useEffect(() => {
    if (!dirty) return undefined;
    const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [dirty]);
  useEffect(() => {
    if (!dirty) entryOf('applicant_name')?.focus();
  }, []);

  const desk = useDesk({ service, materials, typed, put: setTyped, form });
  const violations = sending.error instanceof Refused ? sending.error.violations : [];
  const faultOf: FaultOf = (name) => violations.find((violation) => violation.field === name || violation.field === `answers.${name}`)?.[language()] ?? desk.faultOf(name);
  const required = requiredEntries(service, typed);
  const asked = new Set(askedFields(service, typed).map((field) => field.name));

  const submit = (): void => {
    void sending.send(async (onRetry, onProgress) => {
      const files = filesOf(typed.scans, neededMaterials(service, typed).map(({ code }) => code));
      const { case_id } = await call(cases.openCase, submissionOf(service, materials, typed), { onRetry, files, onProgress });
      drafts.delete(draftKey);
      setEntered({ case_id, applicant: typed.applicant.name });
      setTypedState(emptyTyped);
    });
  };
  const nextCase = (): void => {
    setEntered(null);
    desk.forget();
    sending.forget();
    setTimeout(() => entryOf('applicant_name')?.focus(), 0);
  };
  const nextEmpty = (): void => {
    const { empty } = requiredEntries(service, latest.current);
    entryOf(empty[0] ?? '')?.focus();
  };
  const addPerson = (): void => {
    setTyped({ persons: [...typed.persons, emptyPerson] });
    const list = service.form.flatMap(({ fields }) => fields).find(({ type }) => type === 'person_list');
    setTimeout(() => entryOf(`${list?.name}.${typed.persons.length}.name`)?.focus(), 0);
  };
  useKeys(counterKeys, entered !== null ? enteredHandlers(entered, nextCase) : {
    ...desk.handlers,
    submit,
    next_empty: nextEmpty,
    first_fault: () => {
      const fault = form.current?.querySelector<HTMLElement>('.field-fault input, .field-fault select, .field-fault textarea, .field-fault button, .notice-fault a');
      fault?.focus();
      fault?.scrollIntoView({ block: 'center' });
    },
    pick: () => {
      const element = document.activeElement;
      if (element instanceof HTMLSelectElement || element instanceof HTMLInputElement) (element as { showPicker?: () => void }).showPicker?.();
    },
    add_mover: service.form.some((section) => section.fields.some((field) => field.type === 'person_list')) ? addPerson : undefined,
  });

  return (
    <div class="page counter-page">
      <header class="list-head">
        <h1><span class="code soft">{service.code}</span> {say(service.name)}</h1>
        <Link href="/counter">{say(words.other_service)}</Link>
        {entered !== null ? null : <span class="chip">{say(words.progress, { done: required.all.length - required.empty.length, of: required.all.length })} <KeyCap of={counterKeys.next_empty} /></span>}
        {entered !== null ? null : <span class="soft">{say(words.draft)}</span>}
      </header>
      {entered === null ? null : <Entered entered={entered} service={service} me={me} onNext={nextCase} />}
      <form
        ref={form}
        class="counter-form"
        hidden={entered !== null}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
        onKeyDown={(event) => {
          if (chooseByDigit(event, form.current!, nextEmpty)) return;
          // As in the old registers, Enter goes to the next field; it never submits by accident.
          if (event.isComposing || event.keyCode === 229 || event.key !== 'Enter' || event.ctrlKey || event.altKey || event.shiftKey || event.defaultPrevented) return;
          if (!(event.target instanceof HTMLInputElement) && !(event.target instanceof HTMLSelectElement)) return;
          event.preventDefault();
          const entries = [...form.current!.querySelectorAll<HTMLElement>('input:not([disabled]), select:not([disabled]), button[type="submit"]')];
          entries[entries.indexOf(event.target) + 1]?.focus();
        }}
      >
        <FaultList error={sending.error} />
        <section class="form-section">
          <h2>{say(words.applicant)}</h2>
          <div class="form-grid">
            <Field label={say(words.name)} fault={faultOf('applicant_name')}>
              {(attributes) => <input {...attributes} data-entry="applicant_name" autocomplete="off" spellcheck={false} maxLength={60} value={typed.applicant.name} onInput={(event) => setTyped({ applicant: { ...typed.applicant, name: event.currentTarget.value } })} />}
            </Field>
            <Field label={say(words.id_number)} fault={faultOf('applicant_id_number')}>
              {(attributes) => <NumberInput attributes={attributes} name="applicant_id_number" value={typed.applicant.id_number} onValue={(id_number) => setTyped({ applicant: { ...typed.applicant, id_number } })} />}
            </Field>
            <Field label={say(words.phone)} fault={faultOf('applicant_phone')}>
              {(attributes) => <input {...attributes} data-entry="applicant_phone" inputMode="tel" autocomplete="off" maxLength={20} value={typed.applicant.phone} onInput={(event) => setTyped({ applicant: { ...typed.applicant, phone: event.currentTarget.value } })} />}
            </Field>
          </div>
        </section>
        {service.form.map((section) => {
          const fields = section.fields.filter((field) => asked.has(field.name) && field.name !== phoneField);
          if (fields.length === 0) return null;
          return (
            <section class="form-section" key={section.key}>
              <h2>{say(section.title)}</h2>
              <div class="form-grid">
                {fields.map((field) => (field.type === 'person_list' ? (
                  <Persons
                    key={field.name}
                    field={field}
                    persons={typed.persons}
                    onPersons={(persons) => setTyped({ persons })}
                    faultOf={faultOf}
                    onAdd={addPerson}
                    onSameAsApplicant={() => {
                      const { name, id_number } = typed.applicant;
                      const free = typed.persons.findIndex((person) => person.name === '' && person.id_number === '');
                      setTyped({ persons: free < 0 ? [...typed.persons, { ...emptyPerson, name, id_number }] : typed.persons.map((person, index) => (index === free ? { ...person, name, id_number } : person)) });
                    }}
                  />
                ) : (
                  <Entry
                    key={field.name}
                    field={field}
                    value={typed.fields[field.name] ?? ''}
                    onValue={(value) => setTyped({ fields: { ...typed.fields, [field.name]: value } })}
                    fault={faultOf(field.name)}
                    address={typed.addresses[field.name]}
                    onAddress={(address) => {
                      const { [field.name]: _, ...others } = typed.addresses;
                      setTyped({ addresses: address === undefined ? others : { ...others, [field.name]: address } });
                    }}
                    org_code={me.post.org_code}
                    org_level={me.org_level}
                  />
                )))}
              </div>
            </section>
          );
        })}
        <MaterialsSection service={service} materials={materials} typed={typed} onTyped={setTyped} faultOf={faultOf} />
        <div class="act-bar counter-acts">
          <div class="act-buttons">
            <button type="submit" class="main" disabled={sending.sending}>{say(words.submit)} <KeyCap of={counterKeys.submit} /></button>
            <SendingMark of={sending} />
          </div>
          <button type="button" class="quiet" onClick={() => {
            if (!confirm(say(words.clear_sure))) return;
            drafts.delete(draftKey);
            setTypedState(emptyTyped);
            sending.forget();
          }}>{say(words.clear)}</button>
        </div>
      </form>
      {entered === null ? desk.panel : null}
    </div>
  );
}

/** Every fault at once, each a way to its field. */
function FaultList({ error }: { error: unknown }) {
  const list = useRef<HTMLDivElement>(null);
  const violations = error instanceof Refused ? error.violations : [];
  useEffect(() => {
    if (violations.length > 0) list.current?.focus();
  }, [error]);
  if (violations.length === 0) return <Fault error={error} />;
  return (
    <div ref={list} tabIndex={-1}>
      <Notice kind="fault" alert>
        <p><strong>{say(words.faults, { n: violations.length })}</strong></p>
        <ul>
          {violations.map((violation) => (
            <li key={violation.field}>
              <a href={`#${violation.field}`} onClick={(event) => {
                event.preventDefault();
                entryOf(violation.field.replace(/^answers\./, ''))?.focus();
              }}>{violation[language()]}</a>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}

function MaterialsSection({ service, materials, typed, onTyped, faultOf }: {
  service: Service; materials: Record<string, Material>; typed: Typed; onTyped: (change: Change) => void; faultOf: FaultOf;
}) {
  const needed = neededMaterials(service, typed);
  if (needed.length === 0) return null;
  const held = needed.reduce((sum, { code }) => sum + (typed.scans[code]?.length ?? 0), 0);
  return (
    <section class="form-section">
      <h2>{say(words.materials)}</h2>
      <p class="hint">{say(words.materials_way)}</p>
      <ul class="counter-materials">
        {needed.map(({ code, optional }) => (
          <MaterialEntry
            key={code} code={code} name={say(materials[code]!.name)} why={`${say(review.why, { why: say(materials[code]!.why) })} ${say(materials[code]!.law)}`} optional={optional} ways={waysOf(materials[code]!)}
            untouched={materials[code]!.verified_by.length === 0 && materials[code]!.cancelled_when === null ? words.by_none : words.by_system}
            settled={settledOf(typed, code, materials[code])} onSettled={(settled) => onTyped({ materials: { ...typed.materials, [code]: settled } })}
            scans={typed.scans[code] ?? []} onScans={(scans) => onTyped((before) => withScans(before, code, scans, settledOf(before, code, materials[code])))} room={scansMax - held} faultOf={faultOf}
          />
        ))}
      </ul>
    </section>
  );
}
