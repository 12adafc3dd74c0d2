/** The locked screen, and the warning before it. */
import { useState } from 'preact/hooks';
import { Dialog } from '../kit/dialog.tsx';
import { say } from '../kit/language.ts';
import { Fault, Field, Notice } from '../kit/pieces.tsx';
import { signOut, unlock, type Me } from './session.ts';
import { useSending } from './sending.tsx';
import { locked, signIn } from './texts.ts';

export function LockScreen({ me }: { me: Me }) {
  const [code, setCode] = useState('');
  const { sending, error, send } = useSending();
  const submit = (): void => {
    void send(() => unlock(code.replace(/\s/g, '')));
  };
  return (
    <Dialog title={say(locked.title)} onClose={() => {}} onSubmit={submit} held class="lock-screen">
      <p><strong>{say(locked.who, { name: me.name, number: me.police_number })}</strong></p>
      <p>{say(locked.way)}</p>
      <Fault error={error} />
      <Field label={say(signIn.code)} hint={say(signIn.code_hint)}>
        {(attributes) => (
          <input {...attributes} class="code-input" data-first inputMode="numeric" autocomplete="one-time-code" maxLength={7} value={code} onInput={(event) => setCode(event.currentTarget.value)} />
        )}
      </Field>
      <div class="dialog-acts">
        <button type="submit" class="primary" disabled={sending}>{say(locked.unlock)}</button>
        <button type="button" onClick={() => void signOut()}>{say(locked.other)}</button>
      </div>
    </Dialog>
  );
}

export function IdleWarning({ seconds }: { seconds: number }) {
  // Read out once when it appears and not at every second.
  return (
    <div class="idle-warning" role="alertdialog" aria-label={say(locked.idle_title)}>
      <Notice kind="warning"><p><strong>{say(locked.idle_title)}</strong> {say(locked.idle, { n: seconds })}</p></Notice>
    </div>
  );
}
