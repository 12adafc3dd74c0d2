/** Instants, days and sizes as people read them. Instants are shown in the time of China wherever the screen stands. */
import { say, type Text } from './language.ts';

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});

function partsOf(at: Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The day of an instant in China, as yyyy-mm-dd. */
export function dayOf(at: Date): string {
  const { year, month, day } = partsOf(at);
  return `${year}-${month}-${day}`;
}

/** `09:41` today, `11-20 09:41` this year, `2025-11-20 09:41` before. */
export function instantText(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const { year, month, day, hour, minute } = partsOf(at);
  const time = `${hour}:${minute}`;
  if (dayOf(at) === dayOf(now)) return time;
  return year === partsOf(now)['year'] ? `${month}-${day} ${time}` : `${year}-${month}-${day} ${time}`;
}

/** Date and time in full, for tooltips and records. */
export function fullInstantText(iso: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const { year, month, day, hour, minute, second } = partsOf(at);
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
}

const dueWords = {
  today: { zh: '今天 {time}', en: 'today {time}' },
  tomorrow: { zh: '明天 {time}', en: 'tomorrow {time}' },
  day: { zh: '{day} {time}', en: '{day} {time}' },
  over: { zh: '已超期 {time}', en: 'overdue since {time}' },
} as const satisfies Record<string, Text>;

/** When something is due, in words of the next days. */
export function dueText(iso: string, now: Date = new Date()): string {
  const at = new Date(iso);
  const { month, day, hour, minute } = partsOf(at);
  const time = `${hour}:${minute}`;
  if (at < now) return say(dueWords.over, { time: instantText(iso, now) });
  if (dayOf(at) === dayOf(now)) return say(dueWords.today, { time });
  if (dayOf(at) === dayOf(new Date(now.getTime() + 86_400_000))) return say(dueWords.tomorrow, { time });
  return say(dueWords.day, { day: `${month}-${day}`, time });
}

const spanWords = {
  seconds: { zh: '{n} 秒', en: '{n} s' },
  minutes: { zh: '{n} 分', en: '{n} min' },
  hours: { zh: '{n} 小时', en: '{n} h' },
  days: { zh: '{n} 天', en: '{n} d' },
} as const satisfies Record<string, Text>;

/** A length of time in its largest sensible unit. */
export function spanText(seconds: number): string {
  if (seconds < 120) return say(spanWords.seconds, { n: Math.round(seconds) });
  if (seconds < 7200) return say(spanWords.minutes, { n: Math.round(seconds / 60) });
  if (seconds < 172_800) return say(spanWords.hours, { n: Math.round(seconds / 3600) });
  return say(spanWords.days, { n: Math.round(seconds / 86_400) });
}

export function bytesText(bytes: number): string {
  return bytes < 1_048_576 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}
