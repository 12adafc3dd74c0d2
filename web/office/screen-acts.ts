/** Acts of the screen that is shown, for the command palette. */
import { useEffect } from 'preact/hooks';
import type { Text } from '../kit/language.ts';

export interface ScreenAct {
  label: Text;
  key: string | undefined;
  run: () => void;
}

let shown: readonly ScreenAct[] = [];

export function actsOnScreen(): readonly ScreenAct[] {
  return shown;
}

export function useScreenActs(acts: readonly ScreenAct[]): void {
  useEffect(() => {
    shown = acts;
    return () => {
      if (shown === acts) shown = [];
    };
  });
}
