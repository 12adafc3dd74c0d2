/** The officer's own: in which post, who covers it, which keys open the door, how the screen behaves. */
import { useState } from 'preact/hooks';
import type { Contract } from '../../../src/kernel/operation.ts';
import { contract as accounts } from '../../../src/modules/accounts/contract.ts';
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import { contract as documents } from '../../../src/modules/documents/contract.ts';
import { contract as exchange } from '../../../src/modules/exchange/contract.ts';
import { contract as population } from '../../../src/modules/population/contract.ts';
import { Refused } from '../../kit/client.ts';
import { fullInstantText } from '../../kit/format.ts';
import { plainKeysOn, setPlainKeys } from '../../kit/keyboard.ts';
import { language, say, type Text } from '../../kit/language.ts';
import { Fault, Field } from '../../kit/pieces.tsx';
import { chooseLanguage } from '../preferences.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { askWhoIAm, call, signOut, type Me, type Session } from '../session.ts';
import { help, post as words, shell, signIn } from '../texts.ts';

type Post = Me['post'];

/** A right in words: what the operation under it does. */
const rights = new Map<string, Text>(
  [cases, population, documents, exchange, accounts].flatMap((contract) => Object.values(contract as Contract).map((operation): [string, Text] => [operation.permission, operation.summary])).reverse(),
);

function rightText(act: string): string {
  const text = rights.get(act);
  return text === undefined ? act : say(text);
}

function validText(post: Post): string {
  return post.valid_to === null ? say(words.from, { from: post.valid_from }) : say(words.from_to, { from: post.valid_from, to: post.valid_to });
}

export function PostPage({ session }: { session: Extract<Session, { me: Me }> }) {
  const { me } = session;
  const sending = useSending();
  const [plain, setPlain] = useState(plainKeysOn());
  const switchTo = (post_id: string): void => {
    void sending.send(async (onRetry) => {
      await call(accounts.switchPost, { post_id }, { onRetry });
      // Another post sees other things: nothing of the former is left on the page.
      location.assign('/');
    });
  };
  return (
    <div class="page post-page">
      <h1>{me.name} <span class="soft">{say(me.post.role_label)}</span></h1>
      <Fault error={sending.error} />
      <div class="post-columns">
        <section>
          <h2>{say(words.title)}</h2>
          <dl class="claims">
            <div class="claim"><dt>{say(words.unit)}</dt><dd>{me.post.org_name}</dd></div>
            <div class="claim"><dt>{say(words.role)}</dt><dd>{say(me.post.role_label)}{me.post.covering ? <span class="chip chip-amber">{say(words.covering)}</span> : null}</dd></div>
            <div class="claim"><dt>{say(words.kind)}</dt><dd>{say(me.kind === 'auxiliary' ? words.kind_auxiliary : words.kind_police)}</dd></div>
            <div class="claim"><dt>{say(words.police_number)}</dt><dd class="code">{me.police_number}</dd></div>
            <div class="claim"><dt>{say(words.valid)}</dt><dd>{validText(me.post)}</dd></div>
          </dl>
          <p class="soft">{say(words.session, { at: fullInstantText(me.expires_at), n: me.idle_minutes })}</p>
          <h2>{say(words.others)}</h2>
          {me.other_posts.length === 0 ? <p class="soft">{say(words.no_others)}</p> : (
            <ul class="plain-list">
              {me.other_posts.map((other) => (
                <li key={other.post_id}>
                  <p><strong>{say(other.role_label)}</strong> {other.org_name} {other.covering ? <span class="chip chip-amber">{say(words.covering)}</span> : null} <span class="soft">{validText(other)}</span></p>
                  <button type="button" disabled={sending.sending} onClick={() => switchTo(other.post_id)}>{say(words.switch)}</button>
                </li>
              ))}
            </ul>
          )}
          <h2>{say(words.covered)}</h2>
          {me.covered_by.length === 0 ? <p class="soft">{say(words.nobody)}</p> : <ul class="plain-list">{me.covered_by.map((cover) => <li key={cover.name + cover.valid_from}>{say(words.covered_by, { name: cover.name, from: cover.valid_from, to: cover.valid_to })}</li>)}</ul>}
          <SendingMark of={sending} />
        </section>
        <section>
          <h2>{say(words.settings)}</h2>
          <p><label class="choice"><input type="checkbox" checked={plain} onChange={(event) => {
            setPlainKeys(event.currentTarget.checked);
            setPlain(event.currentTarget.checked);
          }} /> {say(help.plain_on)}</label></p>
          <p class="soft">{say(help.plain)}</p>
          <p>{say(words.language)} <button type="button" onClick={() => chooseLanguage(language() === 'zh' ? 'en' : 'zh')}>{say(shell.other_language)}</button></p>
          <Passkeys me={me} />
          <h2>{say(words.rights)}</h2>
          <ul class="rights">
            {me.permissions.map((permission) => <li key={permission.act} title={permission.act}>{rightText(permission.act)} <span class="soft">{permission.services.includes('*') ? say(words.all_services) : permission.services.join(', ')}</span></li>)}
          </ul>
          <p><button type="button" onClick={() => void signOut()}>{say(words.sign_out)}</button></p>
        </section>
      </div>
    </div>
  );
}

function Passkeys({ me }: { me: Me }) {
  const [label, setLabel] = useState('');
  const [code, setCode] = useState('');
  const sending = useSending();
  // Adding and removing ask for a fresh proof of the person; the code is asked for only when the server says so.
  const askCode = sending.error instanceof Refused && sending.error.code === 'accounts.confirm_again';
  const run = (act: (onRetry: (attempt: number) => void) => Promise<void>): void => {
    void sending.send(async (onRetry) => {
      if (code !== '') {
        await call(accounts.confirm, { code: code.replace(/\s/g, '') }, { onRetry });
        setCode('');
      }
      await act(onRetry);
      await askWhoIAm();
    });
  };
  const add = (): void => run(async (onRetry) => {
    const { startRegistration } = await import('@simplewebauthn/browser');
    const { options } = await call(accounts.getPasskeyRegistration, {}, { onRetry });
    const response = await startRegistration({ optionsJSON: options as Parameters<typeof startRegistration>[0]['optionsJSON'] }).catch(() => {
      throw new Refused(401, { code: 'accounts.passkey_refused', title: signIn.passkey_failed.zh, title_en: signIn.passkey_failed.en });
    });
    await call(accounts.addPasskey, { label: label.trim() || 'passkey', response: response as never }, { onRetry });
    setLabel('');
  });
  return (
    <>
      <h2>{say(words.passkeys)}</h2>
      <Fault error={sending.error} />
      {askCode ? (
        <Field label={say(words.confirm_code)}>
          {(attributes) => <input {...attributes} class="code-input" inputMode="numeric" autocomplete="one-time-code" maxLength={7} value={code} onInput={(event) => setCode(event.currentTarget.value)} />}
        </Field>
      ) : null}
      {me.passkeys.length === 0 ? <p class="soft">{say(words.no_passkeys)}</p> : (
        <ul class="plain-list">
          {me.passkeys.map((passkey) => (
            <li key={passkey.credential_id}>
              {say(words.passkey, { label: passkey.label, at: fullInstantText(passkey.added_at) })}{' '}
              <button type="button" disabled={sending.sending} onClick={() => run(async (onRetry) => {
                await call(accounts.removePasskey, { credential_id: passkey.credential_id }, { onRetry });
              })}>{say(words.remove)}</button>
            </li>
          ))}
        </ul>
      )}
      {'PublicKeyCredential' in window ? (
        <p class="passkey-add">
          <label>{say(words.passkey_label)} <input maxLength={40} value={label} onInput={(event) => setLabel(event.currentTarget.value)} /></label>
          <button type="button" disabled={sending.sending} onClick={add}>{say(words.add_passkey)}</button>
        </p>
      ) : null}
      <SendingMark of={sending} />
    </>
  );
}
