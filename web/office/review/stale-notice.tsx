/** The page was out of date: who moved the case on, and what is different now. */
import { language, say, type Text } from '../../kit/language.ts';
import { Notice } from '../../kit/pieces.tsx';
import { review as words } from '../texts.ts';

export interface Stale {
  /** The server's sentence. */
  text: Text;
  changes: readonly string[];
}

export function StaleNotice({ stale, kept = false, onRead }: { stale: Stale; kept?: boolean; onRead?: () => void }) {
  return (
    <Notice kind="warning" alert>
      <p><strong>{say(words.stale_title)}</strong></p>
      <p>{stale.text[language()]}</p>
      {stale.changes.length === 0 ? <p>{say(words.stale_none)}</p> : <ul>{stale.changes.map((change) => <li key={change}>{change}</li>)}</ul>}
      {kept ? <p>{say(words.stale_kept)}</p> : null}
      {onRead === undefined ? null : <button type="button" onClick={onRead}>{say(words.got_it)}</button>}
    </Notice>
  );
}
