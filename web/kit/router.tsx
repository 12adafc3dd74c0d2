/** Addresses of screens by the browser's own history: every screen can be reloaded, kept as a bookmark and opened twice. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<() => void>();

export interface Address {
  path: string;
  query: URLSearchParams;
}

export function address(): Address {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

/** Goes to a screen. @param options.replace leaves no step to go back to */
export function go(to: string, options: { replace?: boolean } = {}): void {
  if (to === location.pathname + location.search) return;
  history[options.replace === true ? 'replaceState' : 'pushState'](null, '', to);
  for (const listener of listeners) listener();
}

export function useAddress(): Address {
  const [now, setNow] = useState(address);
  useEffect(() => {
    const listen = (): void => setNow(address());
    listeners.add(listen);
    window.addEventListener('popstate', listen);
    listen();
    return () => {
      listeners.delete(listen);
      window.removeEventListener('popstate', listen);
    };
  }, []);
  return now;
}

/** The parts of a path such as `/case/:case_id/timeline`, or null when it is another path. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const names: string[] = [];
  const form = new RegExp(`^${pattern.replace(/:(\w+)/g, (_, name: string) => {
    names.push(name);
    return '([^/]+)';
  })}/?$`);
  const found = form.exec(path);
  return found === null ? null : Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(found[index + 1]!)]));
}

interface LinkProps {
  href: string;
  children?: ComponentChildren;
  class?: string;
  id?: string;
  title?: string;
  tabIndex?: number;
  /** A row of a list that keys move among. */
  'data-row'?: boolean;
  onClick?: (event: MouseEvent) => void;
  'aria-current'?: 'page' | 'true' | undefined;
  'aria-label'?: string | undefined;
}

/** A link that stays a link: middle click, copy and open in a new window work. */
export function Link({ href, onClick, children, ...rest }: LinkProps) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go(href);
      }}
    >
      {children}
    </a>
  );
}
