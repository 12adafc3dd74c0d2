/** The acts of this case: what is possible now as buttons with their keys, and why the rest is not. */
import { say, type Text } from '../../kit/language.ts';
import { KeyCap } from '../../kit/pieces.tsx';
import { reviewKeys } from '../keys.ts';
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

export const moreId = 'acts-more';

/** Ways to act that are seldom needed: one button until somebody looks for them; each has its key all the time. */
function QuietActs({ acts, onAct, sending }: { acts: readonly OfferedAct[]; onAct: (act: OfferedAct) => void; sending: boolean }) {
  const close = (event: Event): void => (event.currentTarget as HTMLElement).closest('details')?.removeAttribute('open');
  return (
    <details
      class="act-more"
      id={moreId}
      // Esc closes the menu, unless an input method is dropping what it composes.
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.isComposing || event.keyCode === 229 || !event.currentTarget.open) return;
        event.preventDefault();
        event.stopPropagation();
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')?.focus();
      }}
      onToggle={(event) => {
        if (event.currentTarget.open) event.currentTarget.querySelector('button')?.focus();
      }}
    >
      <summary>{say(words.more_acts)} <KeyCap of={reviewKeys.more} /></summary>
      <ul>
        {acts.map((act) => (
          <li key={act.name}>
            <button
              type="button"
              class="quiet"
              disabled={sending}
              onClick={(event) => {
                close(event);
                onAct(act);
              }}
            >
              <span>{say(act.label)}</span> <KeyCap of={act.key} />
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function ActBar({ offered, onAct, sending, refusal }: ActBarProps) {
  const open = offered.filter((act) => act.allowed && act.weight !== 'task' && act.weight !== 'quiet');
  const quiet = offered.filter((act) => act.allowed && act.weight === 'quiet');
  // Tasks say themselves what can be done with them.
  const closed = offered.filter((act) => !act.allowed && act.weight !== 'task');
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
        {quiet.length === 0 ? null : <QuietActs acts={quiet} onAct={onAct} sending={sending.sending} />}
        {open.length + quiet.length === 0 ? <p class="soft">{say(words.nothing_to_do)}</p> : null}
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
