/** Sheets taken along for where there is no line. */
import { useEffect, useState } from 'preact/hooks';
import { contract as field } from '../../src/modules/field/contract.ts';
import type { StatedPurpose } from '../kit/client.ts';
import { call, theOutbox, theStore } from './session.ts';
import type { TakenSheet } from './store.ts';

/** A round visits no more people in a day; what lies on a phone is as little as serves. */
export const sheetsMax = 60;

const listeners = new Set<() => void>();
function tell(): void {
  for (const listener of listeners) listener();
}

export async function takeAlong(person_ids: readonly string[], officer_id: string, purpose: StatedPurpose): Promise<void> {
  for (const person_id of person_ids) {
    const sheet = await call(field.getSheet, { person_id }, { purpose });
    await theStore().put('sheets', { person_id, officer_id, sheet, taken_at: Date.now() });
  }
  tell();
}

export async function findTaken(person_id: string): Promise<TakenSheet | undefined> {
  return (await theStore().all('sheets')).find((one) => one.person_id === person_id);
}

export async function dropTaken(): Promise<void> {
  await theStore().clear('sheets');
  tell();
}

export function useTaken(): readonly TakenSheet[] {
  const [taken, setTaken] = useState<readonly TakenSheet[]>([]);
  useEffect(() => {
    const look = (): void => void theStore().all('sheets').then((all) => setTaken(all.sort((a, b) => (a.sheet.address < b.sheet.address ? -1 : 1))));
    listeners.add(look);
    // A sheet goes when its entry is registered.
    const off = theOutbox().onChange(look);
    look();
    return () => {
      listeners.delete(look);
      off();
    };
  }, []);
  return taken;
}
