/** The state of something that is being submitted. Nothing is shown as done before the server has answered. */
import { useCallback, useRef, useState } from 'preact/hooks';
import { say } from '../kit/language.ts';
import { shell } from './texts.ts';

export interface Sending {
  sending: boolean;
  /** 1 at first, more when the line failed and the same act is asked for again. */
  attempt: number;
  /** How much of its files has left, from 0 to 1; null without files. */
  share: number | null;
  error: unknown;
  /** Sends once: a second call while the first is under way does nothing. @returns whether it succeeded */
  send: (act: (onRetry: (attempt: number) => void, onProgress: (share: number) => void) => Promise<void>) => Promise<boolean>;
  forget: () => void;
}

const atRest = { sending: false, attempt: 1, share: null, error: undefined } as const;

export function useSending(): Sending {
  const [state, setState] = useState<Omit<Sending, 'send' | 'forget'>>(atRest);
  const busy = useRef(false);
  const send = useCallback<Sending['send']>(async (act) => {
    if (busy.current) return false;
    busy.current = true;
    setState({ ...atRest, sending: true });
    try {
      await act((attempt) => setState({ ...atRest, sending: true, attempt }), (share) => setState((before) => ({ ...before, share })));
      setState(atRest);
      return true;
    } catch (error) {
      setState({ ...atRest, error });
      return false;
    } finally {
      busy.current = false;
    }
  }, []);
  const forget = useCallback(() => setState((before) => (before.sending ? before : atRest)), []);
  return { ...state, send, forget };
}

export function SendingMark({ of }: { of: Pick<Sending, 'sending' | 'attempt'> & Partial<Pick<Sending, 'share'>> }) {
  // In tens, so that who hears the page is not told of every step.
  const tens = of.share == null || of.share >= 1 ? null : Math.floor(of.share * 10) * 10;
  const text = of.attempt > 1 ? say(shell.sending_again, { n: of.attempt }) : of.share == null ? say(shell.sending) : tens === null ? say(shell.sending_checked) : say(shell.sending_files, { n: tens });
  return (
    <span class="sending" role="status">
      {of.sending && of.share != null ? <progress max={1} value={of.share} aria-hidden="true" /> : null}
      {of.sending ? text : ''}
    </span>
  );
}
