/** One person's minor items: what is registered, and what it becomes. */
import { useEffect, useState } from 'preact/hooks';
import { contract as field, type ItemName, type Sheet } from '../../../src/modules/field/contract.ts';
import { instantText } from '../../kit/format.ts';
import { language, say } from '../../kit/language.ts';
import { Fault, Notice } from '../../kit/pieces.tsx';
import { go } from '../../kit/router.tsx';
import { useCodes, wordOf } from '../codes.ts';
import type { Change } from '../outbox.ts';
import { PurposeForm, usePurpose } from '../purpose.tsx';
import { call, theOutbox, useOutbox, type Session } from '../session.ts';
import { findTaken } from '../taken.ts';
import { shell, sheet as words } from '../texts.ts';

type Item = Sheet['items'][number];
const activeStatus = '0';

interface SheetProps {
  person_id: string;
  session: Extract<Session, { holder: unknown }>;
  line: boolean;
}

export function SheetPage({ person_id, session, line }: SheetProps) {
  const purpose = usePurpose();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [error, setError] = useState<unknown>(undefined);
  const [missing, setMissing] = useState(false);
  useEffect(() => {
    let shown = true;
    setError(undefined);
    const fallBack = async (failed: unknown): Promise<void> => {
      const taken = await findTaken(person_id);
      if (!shown) return;
      if (taken !== undefined) setSheet(taken.sheet);
      else if (navigator.onLine) setError(failed);
      else setMissing(true);
    };
    if (line && purpose !== null) call(field.getSheet, { person_id }, { purpose }).then((read) => shown && setSheet(read), fallBack);
    else if (!line) void fallBack(undefined);
    return () => {
      shown = false;
    };
    // A line that comes while somebody types must not change what was seen: the sheet is read once.
  }, [person_id, purpose?.note, sheet === null && line]);

  const back = <button type="button" class="plain back" onClick={() => history.back()}><span aria-hidden="true">‹ </span>{say(shell.back)}</button>;
  if (sheet !== null) return <>{back}<SheetForm sheet={sheet} officer_id={session.holder.officer_id} line={line} /></>;
  if (line && purpose === null) return <>{back}<PurposeForm /></>;
  return <>{back}{missing ? <Notice kind="warning"><p>{say(words.not_taken)}</p></Notice> : error === undefined ? <p class="wait" role="status">{say(shell.loading)}</p> : <Fault error={error} />}</>;
}

/** What is wrong with a value at once; everything else the server says. */
function faultOf({ kind }: Item, value: string): string | undefined {
  if (kind === 'phone' && !/^(?:1[3-9]\d{9}|0\d{9,11})$/.test(value)) return say(words.wrong_phone);
  if (kind === 'whole_number' && !(/^\d{2,3}$/.test(value) && Number(value) >= 30 && Number(value) <= 260)) return say(words.wrong_height);
  return undefined;
}

function tidy({ kind }: Item, typed: string): string {
  const text = typed.normalize('NFKC').trim();
  return kind === 'phone' ? text.replace(/[\s-]/g, '') : text;
}

/** What is typed and not saved, while the page lives: a session may end in the middle of a sheet. */
const drafts = new Map<string, Partial<Record<ItemName, string>>>();

function SheetForm({ sheet, officer_id, line }: { sheet: Sheet; officer_id: string; line: boolean }) {
  const outbox = useOutbox();
  const waiting = outbox.items.find((item) => item.person_id === sheet.person_id);
  const draftKey = `${officer_id} ${sheet.person_id}`;
  const [typed, setTypedState] = useState<Partial<Record<ItemName, string>>>(drafts.get(draftKey) ?? {});
  const setTyped = (next: Partial<Record<ItemName, string>>): void => {
    drafts.set(draftKey, next);
    setTypedState(next);
  };
  const [told_by, setToldBy] = useState<'self' | 'family'>('self');
  const [checked, setChecked] = useState(false);
  const [evidence, setEvidence] = useState(false);
  const [tried, setTried] = useState(false);

  const changes = sheet.items.flatMap((item): Change[] => {
    const value = tidy(item, typed[item.item] ?? '');
    return value === '' || value === item.value ? [] : [{ item: item.item, label: item.label, kind: item.kind, list: item.list, seen: item.value, value }];
  });
  const faults = new Map(changes.flatMap(({ item, value }) => {
    const fault = faultOf(sheet.items.find((one) => one.item === item)!, value);
    return fault === undefined ? [] : [[item, fault] as const];
  }));
  const needsEvidence = changes.some(({ item }) => sheet.items.find((one) => one.item === item)!.needs_evidence);
  const save = async (): Promise<void> => {
    setTried(true);
    if (changes.length === 0 || faults.size > 0 || !checked || (needsEvidence && !evidence)) {
      setTimeout(() => document.querySelector<HTMLElement>('.fault, [aria-invalid="true"]')?.scrollIntoView({ block: 'center' }), 0);
      return;
    }
    await theOutbox().keep({ officer_id, person_id: sheet.person_id, name: sheet.name, id_number_masked: sheet.id_number_masked, changes, told_by, evidence_seen: evidence });
    drafts.delete(draftKey);
    if (navigator.onLine) void theOutbox().send(officer_id);
    go('/field/outbox', { replace: true });
  };

  return (
    <form noValidate class="sheet" onSubmit={(event) => {
      event.preventDefault();
      void save();
    }}>
      <header class="card">
        <h1>{sheet.name}</h1>
        <p class="code">{sheet.id_number_masked}</p>
        <p>{sheet.address}</p>
        <p class="hint">{say(words.read_at, { at: instantText(sheet.read_at) })}</p>
      </header>
      {sheet.status === activeStatus ? null : <Notice kind="warning" alert><p>{say(words.not_active)}</p></Notice>}
      {sheet.items.map((item) => (
        <ItemField key={item.item} item={item} value={typed[item.item] ?? ''} waits={waiting?.changes.find((change) => change.item === item.item)?.value} fault={tried ? faults.get(item.item) : undefined} onValue={(value) => setTyped({ ...typed, [item.item]: value })} />
      ))}
      <fieldset class="card">
        <legend>{say(words.told_by)}</legend>
        {(['self', 'family'] as const).map((one) => <label key={one} class="option"><input type="radio" name="told_by" checked={told_by === one} onChange={() => setToldBy(one)} /> {say(words[one])}</label>)}
        <label class="option"><input type="checkbox" checked={checked} aria-invalid={tried && !checked} onChange={(event) => setChecked(event.currentTarget.checked)} /> {say(words.checked)}</label>
        {tried && !checked ? <p class="fault" role="alert">{say(words.need_check)}</p> : null}
        {needsEvidence ? <label class="option"><input type="checkbox" checked={evidence} aria-invalid={tried && !evidence} onChange={(event) => setEvidence(event.currentTarget.checked)} /> {say(words.evidence)}</label> : null}
        {tried && needsEvidence && !evidence ? <p class="fault" role="alert">{say(words.need_evidence)}</p> : null}
      </fieldset>
      <div class="save">
        <button type="submit" class="big primary" disabled={changes.length === 0 || sheet.status !== activeStatus}>
          {changes.length === 0 ? say(words.nothing_changed) : say(line ? words.save : words.save_offline, { n: changes.length })}
        </button>
      </div>
    </form>
  );
}

interface ItemFieldProps {
  item: Item;
  value: string;
  /** An entry of this item that is still on the phone. */
  waits: string | undefined;
  fault: string | undefined;
  onValue: (value: string) => void;
}

function ItemField({ item, value, waits, fault, onValue }: ItemFieldProps) {
  const codes = useCodes(item.list);
  const shown = (code: string | null): string => (item.list === null ? code : wordOf(codes, code)) ?? say(words.nothing);
  const id = `item-${item.item}`;
  const attributes = { id, 'aria-describedby': `${id}-now${fault === undefined ? '' : ` ${id}-fault`}`, 'aria-invalid': fault !== undefined };
  return (
    <div class={value === '' ? 'card item' : 'card item item-changed'}>
      <label for={id}>{say(item.label)}</label>
      <p class="now" id={`${id}-now`}>{say(words.now, { value: shown(item.value) })}</p>
      {waits === undefined ? null : <p class="waits">{say(words.waits, { value: shown(waits) })}</p>}
      {fault === undefined ? null : <p class="fault" id={`${id}-fault`} role="alert">{fault}</p>}
      {item.kind === 'code' ? (
        <select {...attributes} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          <option value="">{say(words.keep)}</option>
          {codes?.filter(({ code }) => code !== item.value).map((one) => <option key={one.code} value={one.code}>{one[language()]}</option>)}
        </select>
      ) : (
        <input {...attributes} inputMode={item.kind === 'phone' ? 'tel' : item.kind === 'whole_number' ? 'numeric' : 'text'} autocomplete="off" maxLength={item.kind === 'text' ? 60 : 20} placeholder={say(words.keep)} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
      )}
    </div>
  );
}
