/** News for this unit: decisions elsewhere, reminders, objections. */
import { useRef, useState } from 'preact/hooks';
import { contract as cases } from '../../../src/modules/cases/contract.ts';
import { fullInstantText, instantText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say } from '../../kit/language.ts';
import { Empty, Fault, KeyCap, Loading } from '../../kit/pieces.tsx';
import { Link } from '../../kit/router.tsx';
import { useEvery, useLoad } from '../../kit/use-load.ts';
import { messagesKeys } from '../keys.ts';
import { moveFocus } from '../rows.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { call } from '../session.ts';
import { messages as words } from '../texts.ts';

export function MessagesPage() {
  const [unreadOnly, setUnreadOnly] = useState(false);
  const { data, error, reload } = useLoad((signal) => call(cases.listMessages, { limit: 100, ...(unreadOnly ? { unread: true } : {}) }, { signal }), String(unreadOnly));
  const sending = useSending();
  const list = useRef<HTMLUListElement>(null);
  useEvery(30, () => void reload());

  const mark = (message_id: string): void => {
    void sending.send(async (onRetry) => {
      await call(cases.markMessageRead, { message_id }, { onRetry });
      await reload();
    });
  };
  const focused = (): string | undefined => document.activeElement?.closest<HTMLElement>('[data-message]')?.dataset['message'];
  useKeys(messagesKeys, {
    next: () => moveFocus(list.current, 1),
    previous: () => moveFocus(list.current, -1),
    open: () => moveFocus(list.current, 0),
    read: () => {
      const message_id = focused();
      if (message_id !== undefined) mark(message_id);
    },
  });
  return (
    <div class="page">
      <header class="list-head">
        <h1>{say(words.title)}</h1>
        <label class="choice"><input type="checkbox" checked={unreadOnly} onChange={(event) => setUnreadOnly(event.currentTarget.checked)} /> {say(words.unread_only)}</label>
        <SendingMark of={sending} />
      </header>
      <Fault error={error ?? sending.error} />
      {data === undefined ? (error === undefined ? <Loading /> : null) : data.messages.length === 0 ? <Empty title={say(words.empty)}><p>{say(words.empty_way)}</p></Empty> : (
        <ul class="messages" ref={list} data-keys="list">
          {data.messages.map((message) => (
            <li key={message.message_id} data-message={message.message_id} class={message.read_at === null ? 'message message-unread' : 'message'}>
              <time dateTime={message.at} title={fullInstantText(message.at)}>{instantText(message.at)}</time>
              <div>
                <p>{message.read_at === null ? <span class="chip chip-amber">{say(words.unread)}</span> : null} {say(message.text)}</p>
                {message.case_id === null ? null : <Link href={`/case/${message.case_id}`} data-row>{say(words.open, { no: message.case_no ?? '' })}</Link>}
              </div>
              {message.read_at === null ? (
                <button type="button" {...(message.case_id === null ? { 'data-row': true } : {})} onClick={() => mark(message.message_id)}>{say(words.mark)} <KeyCap of={messagesKeys.read} /></button>
              ) : <span class="soft">{say(words.read, { at: instantText(message.read_at) })}</span>}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
