/** Two steps: police number and password, then a one-time code or a passkey; or a certificate alone. */
import { useEffect, useState } from 'preact/hooks';
import { contract as accounts } from '../../../src/modules/accounts/contract.ts';
import type { OutputOf } from '../../../src/kernel/operation.ts';
import { Refused } from '../../kit/client.ts';
import { Dialog } from '../../kit/dialog.tsx';
import { language, say } from '../../kit/language.ts';
import { Fault, Field, Notice, violationOf } from '../../kit/pieces.tsx';
import { chooseLanguage } from '../preferences.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { askWhoIAm, call, type Me } from '../session.ts';
import { useSetup } from '../setup.ts';
import { shell, signIn as words } from '../texts.ts';

type FirstStep = OutputOf<typeof accounts.signIn>;

/** What a phone would show, and from when: a code that was used a moment ago is spent. */
function DemoCode({ code, wait_seconds }: { code: string; wait_seconds: number }) {
  const [seconds, setSeconds] = useState(wait_seconds);
  useEffect(() => {
    if (seconds <= 0) return undefined;
    const tick = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(tick);
  }, [seconds]);
  return seconds > 0
    ? <Notice kind="info"><p>{say(words.demo_code_wait, { seconds })}</p></Notice>
    : <Notice kind="info"><p>{say(words.demo_code, { code })}</p></Notice>;
}

function SignInSteps({ police_number: known }: { police_number?: string }) {
  const [first, setFirst] = useState<FirstStep | null>(null);
  const [number, setNumber] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const { sending, attempt, error, send, forget } = useSending();

  const begin = (): void => {
    void send(async (onRetry) => {
      setFirst(await call(accounts.signIn, { police_number: number.trim(), password }, { onRetry }));
      setPassword('');
    });
  };
  const finish = (): void => {
    void send(async (onRetry) => {
      try {
        await call(accounts.verifyCode, { challenge: first!.challenge, code: code.replace(/\s/g, '') }, { onRetry });
      } catch (refused) {
        setCode('');
        if (refused instanceof Refused && refused.code === 'accounts.challenge_expired') setFirst(null);
        throw refused;
      }
      await askWhoIAm();
    });
  };
  const byPasskey = (): void => {
    void send(async () => {
      const { startAuthentication } = await import('@simplewebauthn/browser');
      const { options } = await call(accounts.getPasskeyOptions, { challenge: first!.challenge });
      const response = await startAuthentication({ optionsJSON: options as Parameters<typeof startAuthentication>[0]['optionsJSON'] }).catch(() => {
        throw new Refused(401, { code: 'accounts.passkey_refused', title: words.passkey_failed.zh, title_en: words.passkey_failed.en });
      });
      await call(accounts.verifyPasskey, { challenge: first!.challenge, response: response as never });
      await askWhoIAm();
    });
  };
  const byCertificate = (): void => {
    void send(async () => {
      await call(accounts.signInByCertificate, {});
      await askWhoIAm();
    });
  };

  if (first === null) {
    return (
      <form noValidate onSubmit={(event) => {
        event.preventDefault();
        begin();
      }}>
        <p class="soft">{say(words.first_step)}</p>
        <Fault error={error} />
        <Field label={say(words.police_number)} fault={violationOf(error, 'police_number')}>
          {(attributes) => <input {...attributes} data-first autocomplete="username" autocapitalize="off" spellcheck={false} maxLength={12} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />}
        </Field>
        <Field label={say(words.password)} fault={violationOf(error, 'password')}>
          {(attributes) => <input {...attributes} type="password" autocomplete="current-password" maxLength={200} value={password} onInput={(event) => setPassword(event.currentTarget.value)} />}
        </Field>
        <div class="dialog-acts">
          <button type="submit" class="primary" disabled={sending}>{say(words.next)}</button>
          <button type="button" disabled={sending} onClick={byCertificate}>{say(words.certificate)}</button>
          <SendingMark of={{ sending, attempt }} />
        </div>
      </form>
    );
  }
  return (
    <form noValidate onSubmit={(event) => {
      event.preventDefault();
      finish();
    }}>
      <p class="soft">{say(words.second_step)}</p>
      {first.demo_code === null ? null : <DemoCode code={first.demo_code} wait_seconds={first.demo_wait_seconds} />}
      <Fault error={error} />
      <Field label={say(words.code)} hint={say(words.code_hint)} fault={violationOf(error, 'code')}>
        {(attributes) => (
          <input
            {...attributes}
            ref={(input) => {
              if (input !== null && document.activeElement === document.body) input.focus();
            }}
            class="code-input"
            inputMode="numeric"
            autocomplete="one-time-code"
            maxLength={7}
            value={code}
            onInput={(event) => setCode(event.currentTarget.value)}
          />
        )}
      </Field>
      <div class="dialog-acts">
        <button type="submit" class="primary" disabled={sending}>{say(words.verify)}</button>
        {first.methods.includes('passkey') && 'PublicKeyCredential' in window ? <button type="button" disabled={sending} onClick={byPasskey}>{say(words.passkey)}</button> : null}
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setFirst(null);
            setCode('');
            forget();
          }}
        >
          {say(words.back)}
        </button>
        <SendingMark of={{ sending, attempt }} />
      </div>
    </form>
  );
}

export function SignInPage({ error }: { error?: unknown }) {
  const setup = useSetup();
  return (
    <main class="sign-in" id="main">
      <div class="sign-in-card">
        <header>
          <span class="brand-mark" aria-hidden="true" />
          <div>
            <p class="soft">{setup === undefined ? ' ' : say(setup.bureau)}</p>
            <h1>{say(shell.product)}</h1>
          </div>
          {setup?.demo === true ? <span class="demo-mark">{say(shell.demo)}</span> : null}
        </header>
        {setup?.demo === true ? <Notice kind="warning"><p>{say(shell.demo_long)}</p></Notice> : null}
        <Fault error={error} />
        <SignInSteps />
        <footer>
          <p class="soft">{say(words.warning)}</p>
          <button type="button" class="quiet" lang={language() === 'zh' ? 'en' : 'zh-CN'} onClick={() => chooseLanguage(language() === 'zh' ? 'en' : 'zh')}>{say(shell.other_language)}</button>
        </footer>
      </div>
    </main>
  );
}

/** Over a screen whose session has ended: everything typed below is kept. */
export function SignInDialog({ me }: { me: Me }) {
  return (
    <Dialog title={say(words.again)} onClose={() => {}} held plain>
      <p>{say(words.again_kept)}</p>
      <SignInSteps police_number={me.police_number} />
    </Dialog>
  );
}
