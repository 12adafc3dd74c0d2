/** Who holds this phone, and leaving it. */
import { useState } from 'preact/hooks';
import { Dialog } from '../../kit/dialog.tsx';
import { language, say } from '../../kit/language.ts';
import { Fault } from '../../kit/pieces.tsx';
import { chooseLanguage } from '../../office/preferences.ts';
import { signOut, useOutbox, type Session } from '../session.ts';
import { dropTaken, useTaken } from '../taken.ts';
import { me as words, shell } from '../texts.ts';

export function MePage({ session }: { session: Extract<Session, { holder: unknown }> }) {
  const outbox = useOutbox();
  const taken = useTaken();
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const waiting = outbox.items.filter((item) => item.officer_id === session.holder.officer_id).length;
  const leave = (): void => {
    setAsked(false);
    signOut().catch(setError);
  };
  return (
    <>
      <h1>{session.holder.name}</h1>
      <p class="soft">{session.state === 'in' ? say(words.post, { role: say(session.me.post.role_label), office: session.holder.org_name }) : session.holder.org_name}</p>
      <p class="hint">{say(words.about)}</p>
      <Fault error={error} />
      <button type="button" class="big" lang={language() === 'zh' ? 'en' : 'zh-CN'} onClick={() => chooseLanguage(language() === 'zh' ? 'en' : 'zh')}>{say(shell.other_language)}</button>
      {taken.length === 0 ? null : <button type="button" class="big" onClick={() => void dropTaken()}>{say(words.drop_taken, { n: taken.length })}</button>}
      <a class="button big" href="/">{say(words.workstation)}</a>
      <button type="button" class="big grave" onClick={() => (waiting > 0 ? setAsked(true) : leave())}>{say(words.sign_out)}</button>
      {asked ? (
        <Dialog title={say(words.sign_out_title)} onClose={() => setAsked(false)} onSubmit={leave}>
          <p>{say(words.sign_out_warn, { n: waiting })}</p>
          <div class="acts">
            <button type="button" class="big primary" data-first onClick={() => setAsked(false)}>{say(words.stay)}</button>
            <button type="submit" class="big grave">{say(words.leave)}</button>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
