/** The state of something that is being submitted. Nothing is shown as done before the server has answered. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { say } from '../kit/language.ts';
import { shell } from './texts.ts';

export interface Sending {
  sending: boolean;
  /** 1 at first, more when the line failed and the same act is asked for again. */
  attempt: number;
  error: unknown;
  /** Sends once: a second call while the first is under way does nothing. @returns whether it succeeded */
  send: (act: (onRetry: (attempt: number) => void) => Promise<void>) => Promise<boolean>;
  forget: () => void;
}

export function useSending(): Sending {
  const [state, setState] = useState<{ sending: boolean; attempt: number; error: unknown }>({ sending: false, attempt: 1, error: undefined });
  const busy = useRef(false);
  const send = useCallback(async (act: (onRetry: (attempt: number) => void) => Promise<void>): Promise<boolean> => {
    if (busy.current) return false;
    busy.current = true;
    setState({ sending: true, attempt: 1, error: undefined });
    try {
      await act((attempt) => setState({ sending: true, attempt, error: undefined }));
      setState({ sending: false, attempt: 1, error: undefined });
      return true;
    } catch (error) {
      setState({ sending: false, attempt: 1, error });
      return false;
    } finally {
      busy.current = false;
    }
  }, []);
  const forget = useCallback(() => setState((before) => (before.sending ? before : { sending: false, attempt: 1, error: undefined })), []);
  return { ...state, send, forget };
}

export function SendingMark({ of }: { of: Pick<Sending, 'sending' | 'attempt'> }) {
  return (
    <span class="sending" role="status">
      {of.sending ? (of.attempt === 1 ? say(shell.sending) : say(shell.sending_again, { n: of.attempt })) : ''}
    </span>
  );
}
