/** Words for codes. Lists are published facts and are kept on the phone, so that they are there without a line. */
import { useEffect, useState } from 'preact/hooks';
import { contract as reference } from '../../src/modules/reference/contract.ts';
import { language } from '../kit/language.ts';
import { call, theStore } from './session.ts';
import type { KeptCodes } from './store.ts';

const read = new Map<string, KeptCodes['items']>();

async function load(list: string): Promise<KeptCodes['items']> {
  const known = read.get(list);
  if (known !== undefined) return known;
  const items = await call(reference.listCodes, { list }).then(async (codes) => {
    const selectable = codes.items.filter((item) => item.is_selectable).map(({ code, zh, en }) => ({ code, zh, en }));
    await theStore().put('codes', { list, items: selectable });
    return selectable;
  }, async (error: unknown) => {
    const kept = (await theStore().all('codes')).find((one) => one.list === list);
    if (kept === undefined) throw error;
    return kept.items;
  });
  read.set(list, items);
  return items;
}

/** Those a round needs, fetched while there is a line. */
export async function keepCodes(lists: readonly string[]): Promise<void> {
  await Promise.all(lists.map((list) => load(list).catch(() => [])));
}

export function useCodes(list: string | null): KeptCodes['items'] | undefined {
  const [items, setItems] = useState(list === null ? undefined : read.get(list));
  useEffect(() => {
    let shown = true;
    if (list !== null) load(list).then((loaded) => shown && setItems(loaded), () => {});
    return () => {
      shown = false;
    };
  }, [list]);
  return items;
}

export function wordOf(items: KeptCodes['items'] | undefined, code: string | null): string | null {
  return code === null ? null : (items?.find((item) => item.code === code)?.[language()] ?? code);
}
