/** Why people are looked at on this round: said once, shown, sent with every look. Held in memory alone. */
import { useEffect, useState } from 'preact/hooks';
import type { StatedPurpose } from '../kit/client.ts';
import { say } from '../kit/language.ts';
import { purpose as words } from './texts.ts';

let note: string | null = null;
const listeners = new Set<() => void>();

function state(next: string | null): void {
  note = next;
  for (const listener of listeners) listener();
}

export function usePurpose(): StatedPurpose | null {
  const [now, setNow] = useState(note);
  useEffect(() => {
    const listen = (): void => setNow(note);
    listeners.add(listen);
    listen();
    return () => {
      listeners.delete(listen);
    };
  }, []);
  return now === null ? null : { code: 'community_visit', note: now };
}

const noteLeast = 4;

export function PurposeForm() {
  const [chosen, setChosen] = useState<'visit' | 'update' | 'other'>('visit');
  const [other, setOther] = useState('');
  const [fault, setFault] = useState(false);
  const begin = (): void => {
    const text = chosen === 'other' ? other.trim() : words[chosen].zh;
    if ([...text].length < noteLeast) setFault(true);
    else state(text);
  };
  return (
    <form noValidate class="card" onSubmit={(event) => {
      event.preventDefault();
      begin();
    }}>
      <fieldset>
        <legend>{say(words.title)}</legend>
        <p class="hint">{say(words.why)}</p>
        {(['visit', 'update', 'other'] as const).map((one) => (
          <label key={one} class="option"><input type="radio" name="purpose" checked={chosen === one} onChange={() => setChosen(one)} /> {say(words[one])}</label>
        ))}
        {chosen === 'other' ? <input aria-label={say(words.other)} aria-invalid={fault} maxLength={100} value={other} onInput={(event) => setOther(event.currentTarget.value)} /> : null}
        {fault ? <p class="fault" role="alert">{say(words.too_short)}</p> : null}
      </fieldset>
      <button type="submit" class="big primary">{say(words.begin)}</button>
    </form>
  );
}

export function PurposeLine({ purpose }: { purpose: StatedPurpose }) {
  return <p class="purpose"><span>{say(words.now, { note: purpose.note ?? '' })}</span> <button type="button" class="plain" onClick={() => state(null)}>{say(words.change)}</button></p>;
}
