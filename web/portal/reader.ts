/** Who reads a page and how: language, elder view, where they are. Handed to every part of a page. */
import type { PageRequest, Text } from '../../src/kernel/operation.ts';
import { typeset } from '../kit/typeset.ts';

export type { Text } from '../../src/kernel/operation.ts';

/** What a page knows of its site. */
export interface Site {
  name: Text;
  /** Everything shown is made up, and every page says so. */
  demo: boolean;
  /** Paths of the style sheet and of the script. */
  style: string;
  script: string;
}

export interface Reader {
  site: Site;
  language: 'zh' | 'en';
  elder: boolean;
  /** Name of the signed-in citizen. */
  name: string | null;
  path: string;
  /** Path and query, to come back to. */
  here: string;
  form_token: string;
  now: Date;
  request_id: string;
  say(text: Text): string;
}

export function readerOf(site: Site, request: PageRequest): Reader {
  const { language, actor, path, query, form_token, cookies, now, request_id } = request;
  const words = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => typeof pair[1] === 'string')).toString();
  return {
    site, language, elder: cookies['huzheng_elder'] === '1', name: actor.kind === 'citizen' ? actor.name : null,
    path, here: words === '' ? path : `${path}?${words}`, form_token, now, request_id, say: (text) => (language === 'zh' ? typeset(text.zh) : text.en),
  };
}

const day = (language: 'zh' | 'en', withYear: boolean) => new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', {
  timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric', ...(withYear ? { year: 'numeric' } : {}),
});
const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A legal day (`2026-11-28`) or the day of an instant, in words; the year only when it is another one. */
export function dayText(reader: Reader, at: string): string {
  const date = new Date(at.length === 10 ? `${at}T00:00:00+08:00` : at);
  const yearOf = (one: Date): string => new Intl.DateTimeFormat('en', { timeZone: 'Asia/Shanghai', year: 'numeric' }).format(one);
  return day(reader.language, yearOf(date) !== yearOf(reader.now)).format(date);
}

/** Day and time of an instant, in the time of China. */
export function momentText(reader: Reader, at: string): string {
  return `${dayText(reader, at)} ${clock.format(new Date(at))}`;
}
