/** Three counters for each direction show a loss at a glance; what is stuck or missing is dealt with here, with a reason. */
import { useState } from 'preact/hooks';
import { contract as exchange, type LaneCounters, type StuckParcel } from '../../../src/modules/exchange/contract.ts';
import type { Operation } from '../../../src/kernel/operation.ts';
import { Dialog, dialogKeys } from '../../kit/dialog.tsx';
import { instantText, spanText } from '../../kit/format.ts';
import { useKeys } from '../../kit/keyboard.ts';
import { say, type Text } from '../../kit/language.ts';
import { Fault, Field, KeyCap, Loading, violationOf } from '../../kit/pieces.tsx';
import { useEvery, useLoad } from '../../kit/use-load.ts';
import { exchangeKeys } from '../keys.ts';
import { SendingMark, useSending } from '../sending.tsx';
import { call, may, type Session } from '../session.ts';
import { dialogs, exchange as words, exchangeKinds, shell } from '../texts.ts';

/** What an operator is about to do, and what it asks for. */
interface Mending {
  label: Text;
  operation: Operation;
  input: Record<string, unknown>;
  /** Name of the field for the reason; null when none is asked. */
  reason: 'reason' | 'note' | null;
}

export function ExchangePage({ session }: { session: Session }) {
  const counters = useLoad((signal) => call(exchange.getCounters, {}, { signal }), 'counters');
  const stuck = useLoad((signal) => call(exchange.listQuarantine, {}, { signal }), 'stuck');
  const [mending, setMending] = useState<Mending | null>(null);
  const renew = (): void => {
    void counters.reload();
    void stuck.reload();
  };
  useEvery(10, renew, mending !== null);
  useKeys(exchangeKeys, { refresh: renew });
  const mayMend = may(session, 'exchange.release_parcel');
  const { data } = counters;
  const troubles = (data?.alarms.length ?? 0) + (stuck.data?.parcels.length ?? 0) + (data?.lanes.reduce((sum, lane) => sum + lane.gaps, 0) ?? 0);
  return (
    <div class="page exchange-page">
      <header class="list-head">
        <h1>{say(words.title)}</h1>
        {data === undefined ? null : <span class={troubles === 0 ? 'chip chip-good' : 'chip chip-bad'}>{troubles === 0 ? `✓ ${say(words.healthy)}` : `✕ ${say(words.troubled, { n: troubles })}`}</span>}
        <p class="soft list-time">{data === undefined ? '' : say(words.at, { at: instantText(data.at) })} <button type="button" class="quiet" onClick={renew}>{say(shell.refresh)} <KeyCap of={exchangeKeys.refresh} /></button></p>
      </header>
      <Fault error={counters.error ?? stuck.error} />
      {data === undefined ? (counters.error === undefined ? <Loading /> : null) : (
        <>
          <Counters lanes={data.lanes} />
          <Gaps lanes={data.lanes} mayMend={mayMend} onMend={setMending} />
          <h2>{say(words.alarms)}</h2>
          {data.alarms.length === 0 ? <p class="soft">✓ {say(words.no_alarms)}</p> : (
            <ul class="alarms">
              {data.alarms.map((alarm) => (
                <li key={alarm.alarm_id}>
                  <span class="mark mark-bad" aria-hidden="true">!</span>
                  <div><strong>{kindText(alarm.kind)}</strong> {laneText(alarm.lane)}<p class="soft">{say(words.alarm_count, { n: alarm.count, from: instantText(alarm.opened_at), last: instantText(alarm.last_at) })}{alarm.closes_itself ? ` · ${say(words.closes_itself)}` : ''}</p></div>
                  {mayMend && !alarm.closes_itself ? <button type="button" onClick={() => setMending({ label: words.close, operation: exchange.closeAlarm, input: { alarm_id: alarm.alarm_id }, reason: 'note' })}>{say(words.close)}</button> : null}
                </li>
              ))}
            </ul>
          )}
          <Stuck parcels={stuck.data?.parcels ?? []} mayMend={mayMend} onMend={setMending} />
          <p class="soft">{say(words.no_person)}</p>
        </>
      )}
      {mending === null ? null : <MendDialog mending={mending} onClose={() => setMending(null)} onDone={() => {
        setMending(null);
        renew();
      }} />}
    </div>
  );
}

/** On the police network what comes in comes from the internet. */
function laneText(lane: LaneCounters['lane']): string {
  return say(lane === 'incoming' ? words.inward : words.outward);
}

function kindText(kind: string): string {
  const text = (exchangeKinds as Record<string, Text>)[kind];
  return text === undefined ? kind : say(text);
}

function Counters({ lanes }: { lanes: readonly LaneCounters[] }) {
  const rows: Array<[Text, (lane: LaneCounters) => string, (lane: LaneCounters) => boolean]> = [
    [words.written, (lane) => String(lane.written), () => false],
    [words.received, (lane) => String(lane.received), (lane) => lane.received < lane.written && lane.lag_seconds > 60],
    [words.receipted, (lane) => String(lane.receipted), (lane) => lane.receipted < lane.received && lane.lag_seconds > 60],
    [words.lag, (lane) => spanText(lane.lag_seconds), (lane) => lane.lag_seconds > 60],
    [words.waiting, (lane) => String(lane.waiting), () => false],
    [words.gaps, (lane) => String(lane.gaps), (lane) => lane.gaps > 0],
    [words.refused, (lane) => (lane.refused_24_hours.length === 0 ? '0' : lane.refused_24_hours.map(({ reason, count }) => `${count} ${kindText(reason)}`).join(', ')), (lane) => lane.refused_24_hours.length > 0],
    [words.quarantined, (lane) => String(lane.quarantined), (lane) => lane.quarantined > 0],
    [words.held, (lane) => String(lane.held), (lane) => lane.held > 0],
    [words.repeated, (lane) => String(lane.repeated), () => false],
    [words.key, (lane) => (lane.key_days_left === null ? '—' : say(words.days, { n: Math.floor(lane.key_days_left) })), (lane) => lane.key_days_left !== null && lane.key_days_left < 45],
    [words.courier, (lane) => (lane.courier_seen_at === null ? say(words.never) : instantText(lane.courier_seen_at)), (lane) => lane.courier_seen_at === null],
  ];
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={say(words.title)}>
      <table class="rows counters">
        <thead><tr><th scope="col">{say(words.way)}</th>{rows.map(([label]) => <th key={label.en} scope="col" class="number">{say(label)}</th>)}</tr></thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={lane.lane}>
              <th scope="row">{laneText(lane.lane)}</th>
              {rows.map(([label, value, troubled]) => <td key={label.en} class={troubled(lane) ? 'number over' : 'number'}>{troubled(lane) ? <span aria-hidden="true">▲ </span> : null}{value(lane)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Gaps({ lanes, mayMend, onMend }: { lanes: readonly LaneCounters[]; mayMend: boolean; onMend: (mending: Mending) => void }) {
  const gaps = lanes.flatMap((lane) => lane.first_gaps.map((gap) => ({ lane: lane.lane, ...gap })));
  if (gaps.length === 0) return null;
  return (
    <>
      <h2>{say(words.gap_list)}</h2>
      <ul class="alarms">
        {gaps.map((gap) => (
          <li key={`${gap.lane}${gap.sequence}`}>
            <span class="mark mark-bad" aria-hidden="true">✕</span>
            <div>{laneText(gap.lane)} {say(words.gap, { n: gap.sequence, at: instantText(gap.noticed_at), count: gap.request_count, skip: instantText(gap.may_be_skipped_at) })}</div>
            {mayMend ? <button type="button" disabled={new Date(gap.may_be_skipped_at) > new Date()} onClick={() => onMend({ label: words.skip, operation: exchange.skipGap, input: { sequence: gap.sequence }, reason: 'reason' })}>{say(words.skip)}</button> : null}
          </li>
        ))}
      </ul>
    </>
  );
}

function Stuck({ parcels, mayMend, onMend }: { parcels: readonly StuckParcel[]; mayMend: boolean; onMend: (mending: Mending) => void }) {
  return (
    <>
      <h2>{say(words.stuck)}</h2>
      {parcels.length === 0 ? <p class="soft">✓ {say(words.no_stuck)}</p> : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label={say(words.stuck)}>
          <table class="rows">
            <thead>
              <tr>
                <th scope="col" class="number">{say(words.sequence)}</th><th scope="col">{say(words.kind)}</th><th scope="col">{say(words.state)}</th><th scope="col">{say(words.reason)}</th>
                <th scope="col" class="number">{say(words.attempts)}</th><th scope="col">{say(words.received_at)}</th><th scope="col"><span class="unseen">{say(words.retry)}</span></th>
              </tr>
            </thead>
            <tbody>
              {parcels.map((parcel) => (
                <tr key={parcel.parcel_id}>
                  <td class="number">{parcel.sequence}</td>
                  <td class="code">{parcel.kind}</td>
                  <td>{say(parcel.state === 'quarantined' ? words.state_quarantined : words.state_held)}</td>
                  <td>{parcel.reason === null ? '—' : kindText(parcel.reason)}</td>
                  <td class="number">{parcel.attempts}</td>
                  <td>{instantText(parcel.received_at)}</td>
                  <td class="row-acts">
                    {mayMend ? (
                      <>
                        {parcel.state === 'quarantined'
                          ? <button type="button" onClick={() => onMend({ label: words.retry, operation: exchange.retryParcel, input: { sequence: parcel.sequence }, reason: null })}>{say(words.retry)}</button>
                          : <button type="button" onClick={() => onMend({ label: words.release, operation: exchange.releaseParcel, input: { sequence: parcel.sequence }, reason: 'reason' })}>{say(words.release)}</button>}
                        <button type="button" class="grave" onClick={() => onMend({ label: words.discard, operation: exchange.discardParcel, input: { sequence: parcel.sequence }, reason: 'reason' })}>{say(words.discard)}</button>
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function MendDialog({ mending, onClose, onDone }: { mending: Mending; onClose: () => void; onDone: () => void }) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const sending = useSending();
  const short = mending.reason !== null && [...reason.trim()].length < 4;
  const submit = (): void => {
    setTried(true);
    if (short) return;
    void sending.send(async (onRetry) => {
      await call(mending.operation, { ...mending.input, ...(mending.reason === null ? {} : { [mending.reason]: reason.trim() }) } as never, { onRetry });
    }).then((done) => done && onDone());
  };
  return (
    <Dialog title={say(mending.label)} onClose={onClose} onSubmit={submit} held={sending.sending}>
      <div class="dialog-body">
        <Fault error={sending.error} />
        {mending.reason === null ? null : (
          <Field label={say(words.note)} hint={say(words.note_hint)} fault={tried && short ? say(dialogs.need_reason) : violationOf(sending.error, mending.reason)}>
            {(attributes) => <textarea {...attributes} data-first rows={3} maxLength={500} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
          </Field>
        )}
      </div>
      <div class="dialog-acts">
        <button type="submit" class="primary" disabled={sending.sending}>{say(mending.label)} <KeyCap of={dialogKeys.submit} /></button>
        <button type="button" onClick={onClose}>{say(shell.cancel)}</button>
        <SendingMark of={sending} />
      </div>
    </Dialog>
  );
}
