/** A conflict: what the register says now beside what was written down; the officer decides on each. */
import { useState } from 'preact/hooks';
import { contract as field, type ItemName, type Sheet } from '../../../src/modules/field/contract.ts';
import { say } from '../../kit/language.ts';
import { Fault, Notice } from '../../kit/pieces.tsx';
import { go } from '../../kit/router.tsx';
import { useLoad } from '../../kit/use-load.ts';
import { useCodes, wordOf } from '../codes.ts';
import type { Change, OutboxItem } from '../outbox.ts';
import { PurposeForm, usePurpose } from '../purpose.tsx';
import { call, theOutbox, useOutbox } from '../session.ts';
import { sheet as sheetWords, shell, solve as words } from '../texts.ts';

export function SolvePage({ id, line }: { id: string; line: boolean }) {
  const item = useOutbox().items.find((one) => one.id === id);
  const purpose = usePurpose();
  const { data, error } = useLoad((signal) => call(field.getSheet, { person_id: item!.person_id }, { purpose: purpose!, signal }), item === undefined || !line || purpose === null ? null : item.person_id);
  if (item === undefined) return <button type="button" class="big" onClick={() => go('/field/outbox', { replace: true })}>{say(shell.back)}</button>;
  return (
    <>
      <h1>{say(words.title)}</h1>
      <p>{say(words.why)}</p>
      <h2>{item.name} <span class="code soft">{item.id_number_masked}</span></h2>
      {!line ? <Notice kind="warning"><p>{say(words.offline)}</p></Notice> : purpose === null ? <PurposeForm /> : data === undefined ? (error === undefined ? <p class="wait" role="status">{say(shell.loading)}</p> : <Fault error={error} />) : <Choices item={item} sheet={data} />}
    </>
  );
}

function Choices({ item, sheet }: { item: OutboxItem; sheet: Sheet }) {
  const [chosen, setChosen] = useState<Partial<Record<ItemName, 'now' | 'mine'>>>({});
  const [tried, setTried] = useState(false);
  const open = item.changes.filter((change) => item.changed_items.includes(change.item));
  const confirm = async (): Promise<void> => {
    setTried(true);
    if (open.some((change) => chosen[change.item] === undefined)) return;
    const mine = new Set(open.filter((change) => chosen[change.item] === 'mine').map((change) => change.item));
    await theOutbox().settle(item.id, sheet, mine);
    void theOutbox().send(item.officer_id);
    go('/field/outbox', { replace: true });
  };
  return (
    <form noValidate onSubmit={(event) => {
      event.preventDefault();
      void confirm();
    }}>
      {open.map((change) => (
        <Choice key={change.item} change={change} now={sheet.items.find((one) => one.item === change.item)?.value ?? null} chosen={chosen[change.item]} onChoose={(side) => setChosen({ ...chosen, [change.item]: side })} />
      ))}
      {tried && open.some((change) => chosen[change.item] === undefined) ? <p class="fault" role="alert">{say(words.choose_all)}</p> : null}
      <button type="submit" class="big primary">{say(words.done)}</button>
    </form>
  );
}

function Choice({ change, now, chosen, onChoose }: { change: Change; now: string | null; chosen: 'now' | 'mine' | undefined; onChoose: (side: 'now' | 'mine') => void }) {
  const codes = useCodes(change.list);
  const shown = (value: string | null): string => (change.list === null ? value : wordOf(codes, value)) ?? say(sheetWords.nothing);
  return (
    <fieldset class="card choice-pair">
      <legend>{say(change.label)}</legend>
      <p class="hint">{say(words.before, { value: shown(change.seen) })}</p>
      {([['now', words.now, shown(now), words.use_now], ['mine', words.mine, shown(change.value), words.use_mine]] as const).map(([side, label, value, act]) => (
        <label key={side} class={chosen === side ? 'side side-chosen' : 'side'}>
          <input type="radio" name={change.item} checked={chosen === side} onChange={() => onChoose(side)} />
          <span><span class="hint">{say(label)}</span><strong>{value}</strong><span>{say(act)}</span></span>
        </label>
      ))}
    </fieldset>
  );
}
