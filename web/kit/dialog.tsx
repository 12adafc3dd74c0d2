/** A dialog on the browser's own `<dialog>`: it holds the focus, closes by Esc and gives the focus back. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useKeys, type Keymap } from './keyboard.ts';
import { say, type Text } from './language.ts';

export const dialogKeys = {
  submit: { keys: ['Ctrl+Enter'], label: { zh: '提交', en: 'Submit' } },
} as const satisfies Keymap;

/** The control that is marked, or the first of the group that is; of a choice the one that is chosen. */
const firstControl = ':not(div)[data-first], div[data-first] :is(input:not([type=radio]), input:checked, fieldset:not(:has(:checked)) input, select, textarea)';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** By Ctrl+Enter from anywhere inside. */
  onSubmit?: () => void;
  wide?: boolean;
  /** Cannot be closed: something is being sent, or somebody must sign in first. */
  held?: boolean;
  /** Holds a form of its own. */
  plain?: boolean;
  class?: string;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, onSubmit, wide = false, held = false, plain = false, class: extra = '', children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const before = document.activeElement;
    const dialog = element.current!;
    dialog.showModal();
    dialog.querySelector<HTMLElement>(firstControl)?.focus();
    return () => {
      if (dialog.open) dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
      // What had it may be gone, or nothing had it yet: the keys of the page work again all the same.
      if (document.activeElement === null || document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
    };
  }, []);
  useKeys(dialogKeys, { submit: onSubmit }, { modal: true });
  const head = (
    <header class="dialog-head">
      <h2 id={titleId}>{title}</h2>
      {held ? null : <button type="button" class="quiet" aria-label={say(closeText)} onClick={onClose}>✕</button>}
    </header>
  );
  return (
    <dialog
      ref={element}
      class={`dialog ${wide ? 'dialog-wide' : ''} ${extra}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (!held) onClose();
      }}
      // An input method uses Esc to drop what it is composing; that must not close the dialog.
      onKeyDown={(event) => {
        if (event.key === 'Escape' && (event.isComposing || event.keyCode === 229 || held)) event.preventDefault();
      }}
    >
      {plain ? <div class="dialog-form">{head}{children}</div> : (
        <form
          noValidate
          class="dialog-form"
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit?.();
          }}
        >
          {head}
          {children}
        </form>
      )}
    </dialog>
  );
}

const closeText: Text = { zh: '关闭', en: 'Close' };
