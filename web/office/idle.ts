/**
 * Nobody at the desk. The server ends an idle session by its requests, but an open list asks by
 * itself every few seconds; so the page watches for hands and locks in time.
 */
import { useEffect, useState } from 'preact/hooks';

export const warningSeconds = 120;
const keepAliveSeconds = 300;

export type Presence = { state: 'here' } | { state: 'warned'; seconds_left: number } | { state: 'gone' };

/** @param idleSeconds since the last key or pointer; @param limitSeconds after which the screen is locked */
export function presenceAfter(idleSeconds: number, limitSeconds: number): Presence {
  if (idleSeconds >= limitSeconds) return { state: 'gone' };
  const left = Math.ceil(limitSeconds - idleSeconds);
  return left <= Math.min(warningSeconds, limitSeconds / 2) ? { state: 'warned', seconds_left: left } : { state: 'here' };
}

/**
 * @param minutes idle minutes the server allows
 * @param onGone locks the screen
 * @param keepAlive tells the server that somebody is at work who sends nothing (reading, typing a long reason)
 */
export function usePresence(minutes: number, onGone: () => void, keepAlive: () => void): Presence {
  const [presence, setPresence] = useState<Presence>({ state: 'here' });
  useEffect(() => {
    let touched = Date.now();
    let told = Date.now();
    const touch = (): void => {
      touched = Date.now();
    };
    const look = (): void => {
      const now = Date.now();
      const next = presenceAfter((now - touched) / 1000, minutes * 60 - 5);
      setPresence((before) => (before.state === 'here' && next.state === 'here' ? before : next));
      if (next.state === 'gone') onGone();
      if (touched > told && now - told > keepAliveSeconds * 1000) {
        told = now;
        keepAlive();
      }
    };
    const timer = setInterval(look, 1000);
    const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'] as const;
    for (const sign of signs) window.addEventListener(sign, touch, { passive: true });
    return () => {
      clearInterval(timer);
      for (const sign of signs) window.removeEventListener(sign, touch);
    };
  }, [minutes]);
  return presence;
}
