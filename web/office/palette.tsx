/** One box for everything: places, queues, counter services and the acts of the case on screen, found by pinyin initials. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { contract as cases } from '../../src/modules/cases/contract.ts';
import { Dialog } from '../kit/dialog.tsx';
import { language, say, type Text } from '../kit/language.ts';
import { keyText } from '../kit/pieces.tsx';
import { go } from '../kit/router.tsx';
import { findCommands, type Command } from './commands.ts';
import { globalKeys } from './keys.ts';
import { places } from './places.ts';
import { chooseLanguage } from './preferences.ts';
import { actsOnScreen } from './screen-acts.ts';
import { call, lock, may, signOut, type Session } from './session.ts';
import { palette, queue as queueTexts, shell } from './texts.ts';

/** Service codes beginning so are moves in; people look for them under 迁入. */
const moveIn = /^0[345]/;

const filled = (text: Text, name: Text): Text => ({ zh: text.zh.replace('{name}', name.zh), en: text.en.replace('{name}', name.en) });

function useCommands(session: Session): Command[] {
  const [fromServer, setFromServer] = useState<Command[]>([]);
  useEffect(() => {
    let shown = true;
    const queues = may(session, 'cases.list_queue') ? call(cases.countQueues, {}).then(({ queues: all }) => all.map(({ queue, label }): Command => ({ name: filled(palette.go_queue, label), run: () => go(`/queue/${queue}`) }))) : [];
    const services = may(session, 'cases.open_case') ? call(cases.listServices, {}).then(({ services: all }) => all.map(({ code, name }): Command => ({
      name: filled(moveIn.test(code) ? palette.counter_move_in : palette.counter_other, name), hint: code, run: () => go(`/counter/${code}`),
    }))) : [];
    void Promise.allSettled([services, queues]).then((answers) => {
      if (shown) setFromServer(answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : [])));
    });
    return () => {
      shown = false;
    };
  }, []);
  return useMemo(() => [
    ...actsOnScreen().map(({ label, key, run }): Command => ({ name: filled(palette.act, label), ...(key === undefined ? {} : { key }), run })),
    ...places.filter(({ right }) => right === null || may(session, right)).map(({ href, label }): Command => ({ name: label, run: () => go(href) })),
    ...fromServer,
    ...(may(session, 'cases.list_queue') ? [{ name: filled(palette.go_queue, queueTexts.done), run: () => go('/queue/done') }] : []),
    { name: shell.post, run: () => go('/me') },
    { name: palette.language, run: () => chooseLanguage(language() === 'zh' ? 'en' : 'zh') },
    { name: shell.lock, key: globalKeys.lock.keys[0], run: lock },
    { name: palette.sign_out, run: () => void signOut() },
  ], [fromServer]);
}

export function Palette({ session, onClose }: { session: Session; onClose: () => void }) {
  const commands = useCommands(session);
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const found = findCommands(commands, text);
  const at = Math.min(chosen, Math.max(0, found.length - 1));

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const run = (command: Command | undefined): void => {
    if (command === undefined) return;
    onClose();
    // After the dialog has given the focus back, so that what the command opens can take it.
    setTimeout(command.run, 0);
  };
  return (
    <Dialog title={say(palette.title)} onClose={onClose} class="palette">
      <input
        data-first
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? `palette-${at}` : undefined}
        aria-label={say(palette.hint)}
        placeholder={say(palette.hint)}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          // Enter and arrows first belong to an input method that is composing.
          if (event.isComposing || event.keyCode === 229) return;
          if (event.key === 'ArrowDown') setChosen(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setChosen(Math.max(at - 1, 0));
          else if (event.key === 'Enter') run(found[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="palette-list" role="listbox" aria-label={say(palette.title)} ref={list} class="palette-list">
        {found.map((command, index) => (
          <li
            key={command.name.en + (command.hint ?? '')}
            id={`palette-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseMove={() => setChosen(index)}
            onClick={() => run(command)}
          >
            <span>{command.name[language()]}</span>
            {command.hint === undefined ? null : <span class="soft">{command.hint}</span>}
            {command.key === undefined ? null : <kbd>{keyText(command.key)}</kbd>}
          </li>
        ))}
      </ul>
      <p class={found.length === 0 ? 'palette-none' : 'unseen'} role="status">{found.length === 0 ? say(palette.nothing) : say(palette.count, { n: found.length })}</p>
    </Dialog>
  );
}
