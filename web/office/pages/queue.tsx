/** Work waiting for this post. The list renews itself without ever moving the focus. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { contract as cases, type QueueItemData } from '../../../src/modules/cases/contract.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { dueText, fullInstantText, instantText } from '../../kit/format.ts';
import { say } from '../../kit/language.ts';
import { Empty, Fault, KeyCap, Lamp, Loading } from '../../kit/pieces.tsx';
import { go, Link } from '../../kit/router.tsx';
import { useEvery, useLoad } from '../../kit/use-load.ts';
import { announce } from '../announce.tsx';
import { queueKeys } from '../keys.ts';
import { rememberQueue } from '../lists.ts';
import { moveFocus } from '../rows.ts';
import { call } from '../session.ts';
import { acts as actTexts, queue as words, shell, states } from '../texts.ts';

const pageSize = 30;
const refreshSeconds = 15;

/** Queues that wait for this post; the others wait for somebody else. */
const elsewhere = new Set(['supplement', 'suspended', 'done']);

export function QueuePage({ queue }: { queue: string }) {
  const [filter, setFilter] = useState('');
  const asked = useSettled(filter, 250);
  const [limit, setLimit] = useState(pageSize);
  const counts = useLoad(() => call(cases.countQueues, {}), 'counts');
  const list = useLoad((signal) => call(cases.listQueue, { queue, filter: asked.trim(), limit: Math.min(limit, 100) }, { signal }), `${queue} ${asked} ${limit}`);
  const [updated, setUpdated] = useState(new Date());
  const box = useRef<HTMLInputElement>(null);
  const table = useRef<HTMLTableElement>(null);

  const renew = (): void => {
    void counts.reload();
    void list.reload();
  };
  useEvery(refreshSeconds, renew);
  const items = list.data?.items;
  const signature = items?.map((item) => `${item.case_id}.${item.case_version}`).join();
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (items === undefined) return;
    setUpdated(new Date());
    rememberQueue(queue, items.map((item) => item.case_id));
    if (before.current !== undefined && before.current !== signature) announce(say(words.changed, { n: items.length }));
    before.current = signature;
  }, [signature, queue]);
  useKeptFocus(table, items);

  const queues = useMemo(() => {
    const counted = counts.data?.queues ?? [];
    const mine = counted.filter((one) => !elsewhere.has(one.queue));
    return [
      { queue: 'mine', label: words.mine, count: mine.reduce((sum, one) => sum + one.count, 0), overdue: mine.reduce((sum, one) => sum + one.overdue, 0) },
      ...counted.filter((one) => one.queue !== 'mine' && one.queue !== 'done'),
      { queue: 'done', label: words.done, count: null, overdue: 0 },
    ];
  }, [counts.data]);
  const title = say(queues.find((one) => one.queue === queue)?.label ?? words.title);
  const step = (way: 1 | -1): void => {
    const at = queues.findIndex((one) => one.queue === queue);
    go(`/queue/${queues[(at + way + queues.length) % queues.length]!.queue}`);
  };

  useKeys(queueKeys, {
    next: () => moveFocus(table.current, 1),
    previous: () => moveFocus(table.current, -1),
    open: () => table.current?.querySelector<HTMLElement>('a[data-row]')?.click(),
    filter: () => box.current?.focus(),
    next_queue: () => step(1),
    previous_queue: () => step(-1),
    refresh: renew,
    leave_filter: () => {
      if (document.activeElement === box.current) moveFocus(table.current, 0);
    },
  });

  return (
    <div class="queue-page">
      <nav class="rail" aria-label={say(words.queues)}>
        <ul>
          {queues.map((one) => (
            <li key={one.queue}>
              <Link href={`/queue/${one.queue}`} aria-current={one.queue === queue ? 'page' : undefined} class={one.count === 0 ? 'rail-none' : ''}>
                <span>{say(one.label)}</span>
                {one.overdue > 0 ? <span class="rail-over" title={say(words.overdue, { n: one.overdue })}><Lamp lamp="red" />{one.overdue}</span> : null}
                {one.count === null ? null : <span class="rail-count">{one.count}</span>}
              </Link>
            </li>
          ))}
        </ul>
        <Fault error={counts.error} />
      </nav>
      <section class="queue-list" aria-label={title}>
        <header class="list-head">
          <h1>{title}{items === undefined || list.data?.next != null ? null : <span class="soft"> {items.length}</span>}</h1>
          <div class="filter">
            <label class="unseen" for="queue-filter">{say(words.filter)}</label>
            <input
              id="queue-filter"
              ref={box}
              type="search"
              placeholder={say(words.filter_hint)}
              autocomplete="off"
              maxLength={60}
              value={filter}
              onInput={(event) => setFilter(event.currentTarget.value)}
              onKeyDown={(event) => {
                if (event.isComposing || event.keyCode === 229 || (event.key !== 'Enter' && event.key !== 'ArrowDown')) return;
                event.preventDefault();
                moveFocus(table.current, 0);
              }}
            />
            <KeyCap of={queueKeys.filter} />
          </div>
          <p class="soft list-time">{say(words.updated, { time: instantText(updated.toISOString()) })} <button type="button" class="quiet" onClick={renew}>{say(shell.refresh)} <KeyCap of={queueKeys.refresh} /></button></p>
        </header>
        <Fault error={list.error} />
        {items === undefined ? (list.error === undefined ? <Loading /> : null)
          : items.length > 0 ? <QueueTable items={items} queue={queue} reference={table} />
          : asked.trim() === '' ? <Empty title={say(words.empty)}><p>{say(words.empty_way)}</p></Empty>
          : (
            <Empty title={say(words.empty_filter, { text: asked.trim() })}>
              <p>{say(words.empty_filter_way)}</p>
              <button type="button" onClick={() => setFilter('')}>{say(words.clear)}</button>
            </Empty>
          )}
        {list.data?.next != null && limit < 100 ? <button type="button" class="more" onClick={() => setLimit(limit + pageSize)}>{say(words.more)}</button> : null}
      </section>
    </div>
  );
}

function QueueTable({ items, queue, reference }: { items: readonly QueueItemData[]; queue: string; reference: { current: HTMLTableElement | null } }) {
  return (
    <div class="table-scroll" data-keys="list">
      <table class="rows queue-rows" ref={reference} aria-label={say(words.list, { queue, n: items.length })}>
        <thead>
          <tr>
            <th scope="col" class="narrow"><span class="unseen">{say(words.lamp)}</span></th>
            <th scope="col">{say(words.due)}</th>
            <th scope="col">{say(words.service)}</th>
            <th scope="col">{say(words.applicant)}</th>
            <th scope="col" class="number">{say(words.movers)}</th>
            <th scope="col">{say(words.from_to)}</th>
            <th scope="col">{say(words.state)}</th>
            <th scope="col">{say(words.arrived)}</th>
            <th scope="col">{say(words.number)}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            // A click anywhere opens; the link in the row is what keyboards and screen readers use.
            <tr key={item.case_id} class={`lamp-row-${item.lamp}`} onClick={(event) => {
              if ((event.target as Element).closest('a') === null) go(`/case/${item.case_id}`);
            }}>
              <td class="narrow">{item.due_at === null ? null : <Lamp lamp={item.lamp} />}</td>
              <td class={item.lamp === 'red' ? 'over' : ''}>{item.due_at === null ? '—' : <time dateTime={item.due_at} title={fullInstantText(item.due_at)}>{dueText(item.due_at)}</time>}</td>
              <td><span class="soft code">{item.service_code}</span> {say(item.service_name)}</td>
              <td class="name"><Link href={`/case/${item.case_id}`} data-row>{item.applicant_name}</Link></td>
              <td class="number">{say(words.persons, { n: item.movers })}</td>
              <td class="from-to">{item.origin_org_name === null ? item.target_org_name : <><span>{item.origin_org_name}</span> <span><span class="arrow">→ </span>{item.target_org_name}</span></>}</td>
              <td>
                {say(item.state === 'in_review' || item.state === 'submitted' ? (actTexts as Record<string, typeof actTexts.accept>)[item.act] ?? states[item.state] : states[item.state])}
                {item.supervised ? <span class="chip chip-bad">{say(words.supervised)}</span> : null}
                {item.urged >= 80 ? <span class="chip chip-amber">{say(words.urged, { n: item.urged })}</span> : null}
                {item.claimed_by === null ? null : <span class="chip" title={item.claimed_until === null ? undefined : say(words.holder_until, { name: item.claimed_by, until: instantText(item.claimed_until) })}>{say(words.holder)} {item.claimed_by}</span>}
              </td>
              <td><time dateTime={item.arrived_at} title={fullInstantText(item.arrived_at)}>{instantText(item.arrived_at)}</time></td>
              <td class="code">{item.case_no ?? (item.receipt_no === null ? '—' : say(words.receipt, { no: item.receipt_no }))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A value once it has stopped changing: a filter asks when the typing rests, not at every key. */
export function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}

/** When the row with the focus has gone to somebody else, the focus goes to the row in its place and nowhere else. */
function useKeptFocus(table: { current: HTMLTableElement | null }, items: readonly QueueItemData[] | undefined): void {
  const last = useRef<{ index: number; element: Element | null }>({ index: -1, element: null });
  useEffect(() => {
    const { index, element } = last.current;
    const rows = [...(table.current?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])];
    if (element !== null && !element.isConnected && document.activeElement === document.body) rows[Math.min(index, rows.length - 1)]?.focus();
    const remember = (): void => {
      const now = [...(table.current?.querySelectorAll('a[data-row]') ?? [])];
      const at = now.indexOf(document.activeElement as Element);
      last.current = { index: at, element: at < 0 ? null : document.activeElement };
    };
    remember();
    document.addEventListener('focusin', remember);
    return () => document.removeEventListener('focusin', remember);
  }, [items]);
}
