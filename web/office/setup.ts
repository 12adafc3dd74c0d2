/** What the workstation is told about its installation before anybody has signed in. */
import { useEffect, useState } from 'preact/hooks';
import { contract } from '../../src/programs/office/contract.ts';
import type { OutputOf } from '../../src/kernel/operation.ts';
import { call } from './session.ts';

export type Setup = OutputOf<typeof contract.getSetup>;

let asked: Promise<Setup> | undefined;
let known: Setup | undefined;

export function useSetup(): Setup | undefined {
  const [setup, setSetup] = useState(known);
  useEffect(() => {
    asked ??= call(contract.getSetup, {});
    asked.then((answer) => {
      known = answer;
      setSetup(answer);
    }, () => {
      asked = undefined;
    });
  }, []);
  return setup;
}
