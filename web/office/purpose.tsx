/** Why somebody is looked at: said once, shown all the time, sent with every look. */
import { useEffect, useState } from 'preact/hooks';
import type { StatedPurpose } from '../kit/client.ts';
import { say, type Text } from '../kit/language.ts';
import { Field, KeyCap } from '../kit/pieces.tsx';
import { Link } from '../kit/router.tsx';
import { searchKeys } from './keys.ts';
import { useSetup } from './setup.ts';
import { purpose as words } from './texts.ts';

/** Held in memory alone: the next officer at this desk states a purpose of their own. */
let stated: StatedPurpose | null = null;
const listeners = new Set<() => void>();

function state(next: StatedPurpose | null): void {
  stated = next;
  for (const listener of listeners) listener();
}

/** The purpose in force; of a case when the page was opened from one. */
export function usePurpose(case_id: string | null): StatedPurpose | null {
  const [now, setNow] = useState(stated);
  useEffect(() => {
    const listen = (): void => setNow(stated);
    listeners.add(listen);
    listen();
    return () => {
      listeners.delete(listen);
    };
  }, []);
  return case_id === null ? now : { code: 'case', case_id };
}

const noteLeast = 4;

function PurposeForm() {
  const setup = useSetup();
  const [code, setCode] = useState(stated?.code ?? '');
  const [note, setNote] = useState(stated?.note ?? '');
  const [tried, setTried] = useState(false);
  const needsNote = setup?.purposes.find((one) => one.code === code)?.needs_note ?? true;
  const noteFault = needsNote && [...note.trim()].length < noteLeast;
  return (
    <form
      class="purpose-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (code !== '' && !noteFault) state({ code, note: note.trim() === '' ? null : note.trim() });
      }}
    >
      <p class="purpose-needed">{say(words.needed)}</p>
      <Field label={say(words.kind)} fault={tried && code === '' ? say(words.need_kind) : undefined}>
        {(attributes) => (
          <select {...attributes} data-purpose-kind value={code} onChange={(event) => setCode(event.currentTarget.value)}>
            <option value="" />
            {setup?.purposes.map((one) => <option key={one.code} value={one.code}>{say(one.label)}</option>)}
          </select>
        )}
      </Field>
      <Field label={say(words.note)} hint={say(words.note_hint)} fault={tried && noteFault ? say(words.need_note) : undefined}>
        {(attributes) => <input {...attributes} maxLength={200} autocomplete="off" value={note} onInput={(event) => setNote(event.currentTarget.value)} />}
      </Field>
      <button type="submit" class="primary">{say(words.set)}</button>
    </form>
  );
}

/** The strip on every page that shows persons. */
export function PurposeStrip({ case_id }: { case_id: string | null }) {
  const setup = useSetup();
  const purpose = usePurpose(case_id);
  const kind: Text | undefined = setup?.purposes.find((one) => one.code === purpose?.code)?.label;
  if (case_id !== null) {
    return <div class="purpose purpose-set"><p>{say(words.for_case)}</p><Link href={`/case/${case_id}`}>{say(words.to_case)}</Link></div>;
  }
  if (purpose === null) return <div class="purpose"><PurposeForm /></div>;
  const facts = { kind: kind === undefined ? purpose.code : say(kind), note: purpose.note ?? '' };
  return (
    <div class="purpose purpose-set">
      <p>{say(purpose.note == null ? words.current_plain : words.current, facts)}</p>
      <button type="button" onClick={() => state(null)}>{say(words.change)} <KeyCap of={searchKeys.purpose} /></button>
    </div>
  );
}

/** Opens the choice of a purpose, for the key. */
export function changePurpose(): void {
  state(null);
  setTimeout(() => document.querySelector<HTMLElement>('[data-purpose-kind]')?.focus(), 0);
}
