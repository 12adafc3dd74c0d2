/** Small pieces of every screen: lamps, key caps, notices, fields. Colour never speaks alone: each has a shape and a word. */
import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';
import { Refused, Unanswered } from './client.ts';
import { language, say, type Text } from './language.ts';

const lampWords: Record<string, Text> = {
  green: { zh: '时限内', en: 'in time' },
  yellow: { zh: '快到期', en: 'due soon' },
  red: { zh: '已超期', en: 'overdue' },
};
const lampShapes: Record<string, JSX.Element> = {
  green: <circle cx="7" cy="7" r="5.5" />,
  yellow: <path d="M7 1 L13.4 12.6 H0.6 Z" />,
  red: <path d="M1.5 1.5 H12.5 V12.5 H1.5 Z" />,
};

/** Time lamp: a green disc, a yellow triangle, a red square. */
export function Lamp({ lamp }: { lamp: string }) {
  const word = lampWords[lamp] ?? lampWords['green']!;
  return (
    <svg class={`lamp lamp-${lamp}`} width="14" height="14" viewBox="0 0 14 14" role="img" aria-label={say(word)}>
      <title>{say(word)}</title>
      {lampShapes[lamp] ?? lampShapes['green']}
    </svg>
  );
}

/** A person or household that is in somebody's hands. */
export function LockMark() {
  return (
    <svg class="lock-mark" width="12" height="14" viewBox="0 0 12 14" aria-hidden="true">
      <path d="M3 6 V4 a3 3 0 0 1 6 0 V6" fill="none" stroke="currentColor" stroke-width="1.6" />
      <rect x="1" y="6" width="10" height="7" rx="1.2" fill="currentColor" />
    </svg>
  );
}

/** The key of an act as printed on its button. */
export function KeyCap({ of }: { of: { keys: readonly string[]; shown?: string } | undefined }) {
  return of === undefined ? null : <kbd>{of.shown ?? keyText(of.keys[0]!)}</kbd>;
}

const keyNames: Record<string, string> = { Up: '↑', Down: '↓', Left: '←', Right: '→', Enter: '↵' };

export function keyText(key: string): string {
  const parts = key === '+' ? ['+'] : key.split('+');
  return parts.map((part) => keyNames[part] ?? part).join('+');
}

type NoticeKind = 'info' | 'done' | 'warning' | 'fault';
const noticeMarks: Record<NoticeKind, string> = { info: 'ℹ', done: '✓', warning: '!', fault: '✕' };

export function Notice({ kind, children, alert = false }: { kind: NoticeKind; children: ComponentChildren; alert?: boolean }) {
  return (
    <div class={`notice notice-${kind}`} role={alert ? 'alert' : undefined}>
      <span class="notice-mark" aria-hidden="true">{noticeMarks[kind]}</span>
      <div>{children}</div>
    </div>
  );
}

const faultWords = {
  unanswered_write: {
    zh: '没有收到系统的答复,不能确定是否已经办理。请检查网络后再点一次:系统会认出是同一次操作,不会重复办理。',
    en: 'No answer came, so it is uncertain whether this was done. Check the network and press again: the system recognises the same act and never does it twice.',
  },
  unanswered_read: { zh: '没有收到系统的答复。请检查网络后重试。', en: 'No answer came. Check the network and try again.' },
  defect: { zh: '页面出错,没有提交任何内容。请刷新后重试。', en: 'The page failed and nothing was sent. Reload and try again.' },
  number: { zh: '编号 {id}', en: 'Number {id}' },
} as const satisfies Record<string, Text>;

/** What went wrong, with the way to mend it, in the language of the screen. */
export function Fault({ error }: { error: unknown }) {
  if (error === undefined || error === null) return null;
  if (error instanceof Refused) {
    return (
      <Notice kind={error.status >= 500 || error.status === 422 ? 'fault' : 'warning'} alert>
        <p>{error.text[language()]}</p>
        {error.violations.length > 0 ? <ul>{error.violations.map((violation) => <li key={violation.field}>{violation[language()]}</li>)}</ul> : null}
        {error.status >= 500 && error.request_id !== '' ? <p class="soft">{say(faultWords.number, { id: error.request_id })}</p> : null}
      </Notice>
    );
  }
  const words = error instanceof Unanswered ? (error.write ? faultWords.unanswered_write : faultWords.unanswered_read) : faultWords.defect;
  return <Notice kind="fault" alert><p>{say(words)}</p></Notice>;
}

/** What is wrong with one field, by its name in the answer of the server. */
export function violationOf(error: unknown, field: string): string | undefined {
  if (!(error instanceof Refused)) return undefined;
  return error.violations.find((violation) => violation.field === field || violation.field.endsWith(`.${field}`))?.[language()];
}

interface FieldProps {
  label: string;
  hint?: string | undefined;
  fault?: string | undefined;
  optional?: boolean;
  /** Takes the whole width of a form. */
  wide?: boolean;
  /** Draws the control with the attributes that tie it to its label, hint and fault. */
  children: (attributes: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }) => ComponentChildren;
}

const optionalText: Text = { zh: '选填', en: 'optional' };

export function Field({ label, hint, fault, optional = false, wide = false, children }: FieldProps) {
  const id = useId();
  const described = [hint === undefined ? '' : `${id}-hint`, fault === undefined ? '' : `${id}-fault`].filter((part) => part !== '').join(' ');
  return (
    <div class={`field ${fault === undefined ? '' : 'field-fault'} ${wide ? 'field-wide' : ''}`}>
      <label for={id}>{label}{optional ? <span class="soft"> {say(optionalText)}</span> : null}</label>
      {hint === undefined ? null : <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {fault === undefined ? null : <p class="fault" id={`${id}-fault`}>{fault}</p>}
      {children({ id, 'aria-describedby': described === '' ? undefined : described, 'aria-invalid': fault === undefined ? undefined : true })}
    </div>
  );
}

const nothingYet: Text = { zh: '正在读取…', en: 'Loading…' };

export function Loading() {
  return <p class="loading" role="status">{say(nothingYet)}</p>;
}

/** A list without rows says what that means and what to do. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><p class="empty-title">{title}</p>{children}</div>;
}
