/** The acts of this case: what is possible now as buttons with their keys, and why the rest is not. */
import { say, type Text } from '../../kit/language.ts';
import { KeyCap } from '../../kit/pieces.tsx';
import { SendingMark, type Sending } from '../sending.tsx';
import { review as words } from '../texts.ts';
import type { ActButton } from './acts.ts';
import { paneId } from './pane.tsx';

export interface OfferedAct extends ActButton {
  /** The server would do it; then `why_not` can only be something this screen waits for. */
  allowed: boolean;
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
  const open = offered.filter((act) => act.allowed);
  const closed = offered.filter((act) => !act.allowed);
  const gate = open.find((act) => act.why_not !== null)?.why_not;
  const hasMain = open.some((act) => act.weight === 'main');
  const button = (act: OfferedAct, index: number) => (
    <button
      key={act.name}
      type="button"
      // Where nothing is the usual way on, the first is.
      class={!hasMain && index === 0 && act.weight === 'plain' ? 'main' : act.weight}
      disabled={sending.sending}
      aria-disabled={act.why_not !== null}
      aria-describedby={act.why_not === null ? undefined : 'act-gate'}
      onClick={() => onAct(act)}
    >
      {say(act.label)} <KeyCap of={act.key} />
    </button>
  );
  return (
    <section class="act-bar" id={paneId('acts')} tabIndex={-1} aria-label={say(words.acts)} data-keys="page">
      <div class="act-buttons">
        {open.filter((act) => act.weight !== 'grave').map(button)}
        {open.length === 0 ? <p class="soft">{say(words.nothing_to_do)}</p> : null}
        <SendingMark of={sending} />
        {gate == null || refusal !== '' ? null : <span class="act-gate" id="act-gate">{say(gate)}</span>}
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
