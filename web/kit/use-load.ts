/** Reading for a screen: what is there stays visible while the newer answer is on its way. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';

export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  /** On its way and nothing to show yet, or shown and being renewed. */
  busy: boolean;
  reload: () => Promise<T | undefined>;
  /** Puts an answer that came by another way in place. */
  put: (data: T) => void;
}

/**
 * @param read asks for the data; its signal is aborted when the screen asks for something else
 * @param what changes when something else is asked for; null asks for nothing
 */
export function useLoad<T>(read: (signal: AbortSignal) => Promise<T>, what: string | null): Loaded<T> {
  const [state, setState] = useState<{ what: string | null; data: T | undefined; error: unknown; busy: boolean }>({ what, data: undefined, error: undefined, busy: what !== null });
  const latest = useRef({ read, what, running: null as AbortController | null });
  latest.current.read = read;
  latest.current.what = what;

  const reload = useCallback(async (): Promise<T | undefined> => {
    const asked = latest.current.what;
    if (asked === null) return undefined;
    latest.current.running?.abort();
    const running = new AbortController();
    latest.current.running = running;
    setState((before) => ({ what: asked, data: before.what === asked ? before.data : undefined, error: before.what === asked ? before.error : undefined, busy: true }));
    try {
      const data = await latest.current.read(running.signal);
      if (running.signal.aborted) return undefined;
      setState({ what: asked, data, error: undefined, busy: false });
      return data;
    } catch (error) {
      if (!running.signal.aborted) setState((before) => ({ ...before, error, busy: false }));
      return undefined;
    }
  }, []);

  useEffect(() => {
    void reload();
    return () => latest.current.running?.abort();
  }, [what]);

  const put = useCallback((data: T) => setState({ what: latest.current.what, data, error: undefined, busy: false }), []);
  const current = state.what === what;
  return { data: current ? state.data : undefined, error: current ? state.error : undefined, busy: what !== null && (current ? state.busy : true), reload, put };
}

/** Calls again and again while the window is seen; never while it lies behind another or is locked. */
export function useEvery(seconds: number, act: () => void, off = false): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    if (off) return undefined;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') latest.current();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, off]);
}
