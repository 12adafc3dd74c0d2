/** One pane of the review screen: reached by its key, scrolled by itself. */
import type { ComponentChildren } from 'preact';
import { KeyCap } from '../../kit/pieces.tsx';
import { reviewKeys } from '../keys.ts';

export function paneId(name: string): string {
  return `pane-${name}`;
}

export function focusPane(name: string): void {
  const pane = document.getElementById(paneId(name));
  pane?.focus();
  pane?.scrollIntoView({ block: 'nearest' });
}

interface PaneProps {
  name: string;
  title: string;
  keyHint: keyof typeof reviewKeys;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Pane({ name, title, keyHint, aside, children }: PaneProps) {
  return (
    <section class={`pane pane-${name}`} aria-labelledby={`${paneId(name)}-title`} data-keys="page">
      <header class="pane-head">
        <h2 id={`${paneId(name)}-title`}>{title}</h2>
        {aside}
        <KeyCap of={reviewKeys[keyHint]} />
      </header>
      {/* The part that scrolls takes the focus, so that arrows move it. */}
      <div class="pane-body" id={paneId(name)} tabIndex={0} role="group" aria-labelledby={`${paneId(name)}-title`}>{children}</div>
    </section>
  );
}
