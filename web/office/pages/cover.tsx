/** Leave cover of the unit: who stands in for whom, from which day to which, by which letter. */
import { useRef, useState } from 'preact/hooks';
import { contract as accounts } from '../../../src/modules/accounts/contract.ts';
import { Refused } from '../../kit/client.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say } from '../../kit/language.ts';
import { Empty, Fault, Field, KeyCap, Loading, Notice, violationOf } from '../../kit/pieces.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { announce } from '../announce.tsx';
import { coverKeys } from '../keys.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { call, type Me } from '../session.ts';
import { cover as words } from '../texts.ts';

const nothing = { post_id: '', officer_id: '', valid_from: '', valid_to: '', document_no: '' };

export function CoverPage({ me }: { me: Me }) {
  const covers = useLoad((signal) => call(accounts.listLeaveCovers, {}, { signal }), 'covers');
  const staff = useLoad((signal) => call(accounts.listOfficers, { limit: 100 }, { signal }), 'staff');
  const [wish, setWish] = useState(nothing);
  const [code, setCode] = useState('');
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState<string | null>(null);
  const first = useRef<HTMLSelectElement>(null);
  const sending = useSending();
  // Who may do what is a grave matter: the server asks for the second factor again after ten minutes.
  const askCode = sending.error instanceof Refused && sending.error.code === 'accounts.confirm_again';

  // A chief arranges for the own unit and not for oneself; whoever gives posts, for the whole jurisdiction.
  const wide = me.permissions.some((permission) => permission.act === 'accounts.manage_posts');
  const officers = (staff.data?.officers ?? []).filter((officer) => officer.status === 'active' && officer.officer_id !== me.officer_id);
  const posts = officers.flatMap((officer) => officer.posts.filter((post) => wide || post.org_code === me.post.org_code).map((post) => ({ ...post, officer })));
  const chosen = posts.find((post) => post.post_id === wish.post_id);
  const stands = officers.filter((officer) => officer.officer_id !== chosen?.officer.officer_id && (wide || officer.org_code === me.post.org_code));
  const change = (part: Partial<typeof nothing>): void => setWish({ ...wish, ...part });

  const run = (act: (onRetry: (attempt: number) => void) => Promise<string>): void => {
    setDone(null);
    void sending.send(async (onRetry) => {
      if (code !== '') {
        await call(accounts.confirm, { code: code.replace(/\s/g, '') }, { onRetry });
        setCode('');
      }
      const said = await act(onRetry);
      setDone(said);
      announce(said);
      await covers.reload();
    });
  };
  const arrange = (): void => {
    setTried(true);
    if (Object.values(wish).some((value) => value.trim() === '')) return;
    const said = say(words.done, { officer: stands.find((officer) => officer.officer_id === wish.officer_id)?.name ?? '—', absent: chosen?.officer.name ?? '—' });
    run(async (onRetry) => {
      await call(accounts.grantLeaveCover, { ...wish, document_no: wish.document_no.trim() }, { onRetry });
      setWish(nothing);
      setTried(false);
      return said;
    });
  };
  useKeys(coverKeys, { arrange, form: () => first.current?.focus() });
  const needed = (value: string): string | undefined => (tried && value.trim() === '' ? say(words.need) : undefined);

  return (
    <div class="page">
      <h1>{say(words.title)}</h1>
      <p class="hint">{say(words.way)}</p>
      {done === null ? null : <Notice kind="done"><p>{done}</p></Notice>}
      <Fault error={covers.error ?? staff.error} />
      <Fault error={sending.error} />
      {askCode ? (
        <Field label={say(words.code)}>
          {(attributes) => <input {...attributes} class="code-input" inputMode="numeric" autocomplete="one-time-code" maxLength={7} value={code} onInput={(event) => setCode(event.currentTarget.value)} />}
        </Field>
      ) : null}
      <div class="post-columns">
        <section>
          <h2>{say(words.arrange)} <KeyCap of={coverKeys.form} /></h2>
          <form
            noValidate
            onSubmit={(event) => {
              event.preventDefault();
              arrange();
            }}
          >
            <Field label={say(words.post)} fault={needed(wish.post_id)}>
              {(attributes) => (
                <select {...attributes} ref={first} value={wish.post_id} onChange={(event) => change({ post_id: event.currentTarget.value })}>
                  <option value="" />
                  {posts.map((post) => <option key={post.post_id} value={post.post_id}>{`${post.officer.name} · ${say(post.role_label)} · ${post.officer.police_number}`}</option>)}
                </select>
              )}
            </Field>
            <Field label={say(words.officer)} fault={needed(wish.officer_id)}>
              {(attributes) => (
                <select {...attributes} value={wish.officer_id} onChange={(event) => change({ officer_id: event.currentTarget.value })}>
                  <option value="" />
                  {stands.map((officer) => <option key={officer.officer_id} value={officer.officer_id}>{`${officer.name} · ${officer.posts.map((post) => say(post.role_label)).join(say({ zh: '、', en: ', ' }))} · ${officer.police_number}`}</option>)}
                </select>
              )}
            </Field>
            <div class="field-row">
              <Field label={say(words.from)} fault={needed(wish.valid_from) ?? violationOf(sending.error, 'valid_from')}>
                {(attributes) => <input {...attributes} type="date" value={wish.valid_from} onInput={(event) => change({ valid_from: event.currentTarget.value })} />}
              </Field>
              <Field label={say(words.to)} hint={say(words.to_hint)} fault={needed(wish.valid_to) ?? violationOf(sending.error, 'valid_to')}>
                {(attributes) => <input {...attributes} type="date" value={wish.valid_to} onInput={(event) => change({ valid_to: event.currentTarget.value })} />}
              </Field>
            </div>
            <Field label={say(words.document)} fault={needed(wish.document_no) ?? violationOf(sending.error, 'document_no')}>
              {(attributes) => <input {...attributes} maxLength={60} value={wish.document_no} onInput={(event) => change({ document_no: event.currentTarget.value })} />}
            </Field>
            <p><button type="submit" class="primary" disabled={sending.sending}>{say(words.arrange)} <KeyCap of={coverKeys.arrange} /></button> <SendingMark of={sending} /></p>
          </form>
        </section>
        <section>
          <h2>{say(words.present)}</h2>
          {covers.data === undefined ? <Loading /> : covers.data.covers.length === 0 ? <Empty title={say(words.none)}><p>{say(words.none_way)}</p></Empty> : (
            <ul class="plain-list">
              {covers.data.covers.map((cover) => (
                <li key={cover.cover_id}>
                  <p><strong>{say(words.covers, { officer: cover.officer_name, absent: cover.absent_name, role: say(cover.role_label) })}</strong> <span class={cover.in_force ? 'chip chip-good' : 'chip'}>{say(cover.in_force ? words.in_force : words.to_come)}</span></p>
                  <p class="soft">{say(words.dates, { from: cover.valid_from, to: cover.valid_to })} · {cover.document_no}</p>
                  <button
                    type="button" disabled={sending.sending}
                    onClick={() => run(async (onRetry) => {
                      await call(accounts.endLeaveCover, { cover_id: cover.cover_id }, { onRetry });
                      return say(words.ended);
                    })}
                  >{say(words.end)}</button>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </div>
  );
}
