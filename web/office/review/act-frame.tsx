/** What every dialog of an act is made of: its frame with what went wrong and the buttons, and fields of words. */
import type { ComponentChildren } from 'preact';
import type { CaseViewData } from '../../../src/modules/cases/contract.ts';
import type { FileToSend } from '../../kit/client.ts';
import { Dialog, dialogKeys } from '../../kit/dialog.tsx';
import { say, type Text } from '../../kit/language.ts';
import { Fault, Field, KeyCap } from '../../kit/pieces.tsx';
import { SendingMark, type Sending } from '../sending.tsx';
import type { Me } from '../session.ts';
import { dialogs as words, shell } from '../texts.ts';
import type { ActButton } from './acts.ts';
import { StaleNotice, type Stale } from './stale-notice.tsx';

export const reasonLength = { least: 4, most: 500 } as const;
export const longEnough = (text: string): boolean => [...text.trim()].length >= reasonLength.least;

export interface ActDialogProps {
  act: ActButton;
  view: CaseViewData;
  /** Who acts. */
  me: Me;
  sending: Sending;
  stale: Stale | null;
  onSubmit: (input: Record<string, unknown>, files?: readonly FileToSend[]) => void;
  onClose: () => void;
}

export function Frame({ act, sending, stale, onSubmit, onClose, title, wide, submit, faultsShown = false, children }: Omit<ActDialogProps, 'view' | 'me' | 'onSubmit'> & {
  onSubmit: () => void; title?: Text; wide?: boolean; submit?: string;
  /** The dialog tells every fault at its field. */
  faultsShown?: boolean;
  children: ComponentChildren;
}) {
  return (
    <Dialog title={say(title ?? act.label)} onClose={onClose} onSubmit={onSubmit} wide={wide === true} held={sending.sending}>
      <div class="dialog-body">
        {stale === null ? null : <StaleNotice stale={stale} kept />}
        {faultsShown ? null : <Fault error={sending.error} />}
        {children}
      </div>
      <div class="dialog-acts">
        <button type="submit" class={act.weight === 'grave' ? 'grave' : 'primary'} disabled={sending.sending}>{submit ?? say(words.submit)} <KeyCap of={dialogKeys.submit} /></button>
        <button type="button" disabled={sending.sending} onClick={onClose}>{say(shell.cancel)}</button>
        <SendingMark of={sending} />
      </div>
    </Dialog>
  );
}

export function TextField({ label, hint, fault, value, onValue, first = false, optional = false, most = reasonLength.most }: {
  label: string; hint?: string; fault?: string | undefined; value: string; onValue: (value: string) => void; first?: boolean; optional?: boolean; most?: number;
}) {
  return (
    <Field label={label} hint={hint} fault={fault} optional={optional}>
      {(attributes) => <textarea {...attributes} {...(first ? { 'data-first': true } : {})} rows={3} maxLength={most} value={value} onInput={(event) => onValue(event.currentTarget.value)} />}
    </Field>
  );
}
