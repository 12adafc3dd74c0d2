/** The acts of this case: what is possible now as buttons with their keys, and why the rest is not. */
import { say, type Text } from '../../kit/language.ts';
import { KeyCap } from '../../kit/pieces.tsx';
import { SendingMark, type Sending } from '../sending.tsx';
import { review as words } from '../texts.ts';
import type { ActButton } from './acts.ts';
import { paneId } from './pane.tsx';

export interface OfferedAct extends ActButton {
  /** Null when it may be done now. */
  why_not: Text | null;
}

interface ActBarProps {
  offered: readonly OfferedAct[];
  onAct: (act: OfferedAct) => void;
  sending: Pick<Sending, 'sending' | 'attempt'>;
  /** Why the key just pressed did nothing. */
  refusal: string;
}

export function ActBar({ offered, onAct, sending, refusal }: ActBarProps) {
  const open = offered.filter((act) => act.why_not === null);
  const closed = offered.filter((act) => act.why_not !== null);
  const button = (act: OfferedAct) => (
    <button key={act.name} type="button" class={act.weight} disabled={sending.sending} onClick={() => onAct(act)}>
      {say(act.label)} <KeyCap of={act.key} />
    </button>
  );
  return (
    <section class="act-bar" id={paneId('acts')} tabIndex={-1} aria-label={say(words.acts)} data-keys="page">
      <div class="act-buttons">
        {open.filter((act) => act.weight !== 'grave').map(button)}
        {open.length === 0 ? <p class="soft">{say(words.nothing_to_do)}</p> : null}
        <SendingMark of={sending} />
        <span class="act-refusal" role="status">{refusal}</span>
      </div>
      <div class="act-buttons act-grave">
        {open.filter((act) => act.weight === 'grave').map(button)}
        {closed.length === 0 ? null : (
          <details class="act-closed">
            <summary>{say(words.closed_acts, { n: closed.length })}</summary>
            <ul>{closed.map((act) => <li key={act.name}><strong>{say(act.label)}</strong> {say(act.why_not!)}</li>)}</ul>
          </details>
        )}
      </div>
    </section>
  );
}
