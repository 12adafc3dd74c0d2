/** Tells a screen reader what has happened, wherever the focus is. */
import { useEffect, useState } from 'preact/hooks';

let tell: (message: string) => void = () => {};

export function announce(message: string): void {
  tell(message);
}

export function Announcer() {
  const [message, setMessage] = useState('');
  useEffect(() => {
    tell = (next) => {
      // The same sentence twice is read twice only if the region changes in between.
      setMessage('');
      setTimeout(() => setMessage(next), 50);
    };
    return () => {
      tell = () => {};
    };
  }, []);
  return <div class="unseen" role="status" aria-live="polite">{message}</div>;
}
