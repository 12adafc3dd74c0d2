/** All keys of the screen, from the same list that binds them. */
import { useState } from 'preact/hooks';
import { Dialog } from '../kit/dialog.tsx';
import { plainKeysOn, setPlainKeys, type Keymap } from '../kit/keyboard.ts';
import { say } from '../kit/language.ts';
import { keyText } from '../kit/pieces.tsx';
import { givenKeys, globalKeys, screens, type ScreenName } from './keys.ts';
import { help, shell } from './texts.ts';

function KeyTable({ title, keys }: { title: string; keys: Keymap }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl class="key-list">
        {Object.entries(keys).map(([act, binding]) => (
          <div key={act}>
            <dt>{(binding.shown === undefined ? binding.keys.map(keyText) : [binding.shown]).map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{say(binding.label)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Help({ screen, onClose }: { screen: ScreenName | undefined; onClose: () => void }) {
  const [plain, setPlain] = useState(plainKeysOn());
  return (
    <Dialog title={say(help.title)} onClose={onClose} onSubmit={onClose} wide>
      <div class="dialog-body help-body" tabIndex={0}>
        {screen === undefined ? null : <KeyTable title={say(screens[screen].title)} keys={screens[screen].keys} />}
        <div>
          <KeyTable title={say(help.everywhere)} keys={globalKeys} />
          <h3>{say(help.given)}</h3>
          <ul class="help-notes">
            {givenKeys.map((text) => <li key={text.en}>{say(text)}</li>)}
            <li>{say(help.plain)}</li>
          </ul>
        </div>
      </div>
      <div class="dialog-acts">
        <button type="submit" class="primary" data-first>{say(shell.close)}</button>
        <button
          type="button"
          aria-pressed={!plain}
          onClick={() => {
            setPlainKeys(!plain);
            setPlain(!plain);
          }}
        >
          {say(plain ? help.plain_off : help.plain_on)}
        </button>
      </div>
    </Dialog>
  );
}
