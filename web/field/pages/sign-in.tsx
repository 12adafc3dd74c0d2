/** Signing in on a phone: number and password, then a code or a passkey. */
import { useEffect, useState } from 'preact/hooks';
import { contract as accounts } from '../../../src/modules/accounts/contract.ts';
import type { OutputOf } from '../../../src/kernel/operation.ts';
import { Refused } from '../../kit/client.ts';
import { language, say } from '../../kit/language.ts';
import { Fault, Field, Notice, violationOf } from '../../kit/pieces.tsx';
import { chooseLanguage } from '../../office/preferences.ts';
import { askWhoIAm, call, goOnOffline, isDemo, theStore, useLine, useOutbox, useSetup } from '../session.ts';
import { shell, signIn as words } from '../texts.ts';

type FirstStep = OutputOf<typeof accounts.signIn>;

export function SignInPage() {
  const setup = useSetup();
  const line = useLine();
  const outbox = useOutbox();
  const [isKnown, setKnown] = useState(false);
  useEffect(() => {
    void theStore().all('holder').then((holders) => setKnown(holders.length > 0));
  }, []);
  return (
    <main class="page sign-in" id="main">
      <header>
        <h1>{say(shell.product)}</h1>
        <p class="soft">{setup === undefined ? ' ' : say(setup.bureau)}</p>
        {isDemo(setup) ? <span class="demo">{say(shell.demo)}</span> : null}
      </header>
      {outbox.items.length > 0 ? <Notice kind="warning"><p>{say(words.still_here, { n: outbox.items.length })}</p></Notice> : null}
      {line ? <SignInSteps /> : (
        <>
          <Notice kind="warning"><p>{say(isKnown ? words.offline_start : shell.unreachable)}</p></Notice>
          {isKnown ? <button type="button" class="big primary" onClick={() => void goOnOffline()}>{say(words.go_on)}</button> : null}
        </>
      )}
      <footer>
        <p class="soft">{say(words.warning)}</p>
        <button type="button" class="plain" lang={language() === 'zh' ? 'en' : 'zh-CN'} onClick={() => chooseLanguage(language() === 'zh' ? 'en' : 'zh')}>{say(shell.other_language)}</button>
      </footer>
    </main>
  );
}

function SignInSteps() {
  const [first, setFirst] = useState<FirstStep | null>(null);
  const [number, setNumber] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const send = (act: () => Promise<void>): void => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    act().catch(setError).finally(() => setBusy(false));
  };
  const begin = (): void => send(async () => {
    setFirst(await call(accounts.signIn, { police_number: number.trim(), password }));
    setPassword('');
  });
  const finish = (): void => send(async () => {
    try {
      await call(accounts.verifyCode, { challenge: first!.challenge, code: code.replace(/\s/g, '') });
    } catch (refused) {
      setCode('');
      if (refused instanceof Refused && refused.code === 'accounts.challenge_expired') setFirst(null);
      throw refused;
    }
    await askWhoIAm();
  });
  const byPasskey = (): void => send(async () => {
    const { startAuthentication } = await import('@simplewebauthn/browser');
    const { options } = await call(accounts.getPasskeyOptions, { challenge: first!.challenge });
    const response = await startAuthentication({ optionsJSON: options as Parameters<typeof startAuthentication>[0]['optionsJSON'] }).catch(() => {
      throw new Refused(401, { code: 'accounts.passkey_refused', title: words.passkey_failed.zh, title_en: words.passkey_failed.en });
    });
    await call(accounts.verifyPasskey, { challenge: first!.challenge, response: response as never });
    await askWhoIAm();
  });
  return (
    <form noValidate class="card" onSubmit={(event) => {
      event.preventDefault();
      if (first === null) begin();
      else finish();
    }}>
      <Fault error={error} />
      {first === null ? (
        <>
          <Field label={say(words.police_number)} fault={violationOf(error, 'police_number')}>
            {(attributes) => <input {...attributes} autocomplete="username" autocapitalize="off" spellcheck={false} maxLength={12} value={number} onInput={(event) => setNumber(event.currentTarget.value)} />}
          </Field>
          <Field label={say(words.password)} fault={violationOf(error, 'password')}>
            {(attributes) => <input {...attributes} type="password" autocomplete="current-password" maxLength={200} value={password} onInput={(event) => setPassword(event.currentTarget.value)} />}
          </Field>
          <button type="submit" class="big primary" disabled={busy}>{say(words.next)}</button>
        </>
      ) : (
        <>
          {first.demo_code === null ? null : <DemoCode code={first.demo_code} wait_seconds={first.demo_wait_seconds} />}
          <Field label={say(words.code)} hint={say(words.code_hint)} fault={violationOf(error, 'code')}>
            {(attributes) => <input {...attributes} class="code-input" inputMode="numeric" autocomplete="one-time-code" maxLength={7} value={code} onInput={(event) => setCode(event.currentTarget.value)} />}
          </Field>
          <button type="submit" class="big primary" disabled={busy}>{say(words.enter)}</button>
          {first.methods.includes('passkey') && 'PublicKeyCredential' in window ? <button type="button" class="big" disabled={busy} onClick={byPasskey}>{say(words.passkey)}</button> : null}
          <button type="button" class="plain" onClick={() => {
            setFirst(null);
            setCode('');
            setError(undefined);
          }}>{say(words.again)}</button>
        </>
      )}
    </form>
  );
}

function DemoCode({ code, wait_seconds }: { code: string; wait_seconds: number }) {
  const [seconds, setSeconds] = useState(wait_seconds);
  useEffect(() => {
    if (seconds <= 0) return undefined;
    const tick = setTimeout(() => setSeconds(seconds - 1), 1000);
    return () => clearTimeout(tick);
  }, [seconds]);
  return <Notice kind="info"><p>{seconds > 0 ? say(words.demo_code_wait, { seconds }) : say(words.demo_code, { code })}</p></Notice>;
}
