/** What an act of the portal answers with: a page of a known view, or the way on. */
import type { Context, Page, Redirect } from '../../kernel/index.ts';
import type { ViewName, Views } from './pages.ts';

export function page<V extends ViewName>(view: V, data: Views[V], status = 200): Page {
  return { view, data, status };
}

/** A page that tells what is wrong: 422, so that browsers and machines know. */
export function faultyPage<V extends ViewName>(view: V, data: Views[V]): Page {
  return page(view, data, 422);
}

export function goTo(location: string): Redirect {
  return { location };
}

/** Only a path of this site is followed; `//host` and the like lead elsewhere. */
export function ownPath(path: string | undefined): string {
  if (path === undefined || !path.startsWith('/')) return '/';
  const url = URL.parse(path, 'http://portal.invalid');
  return url !== null && url.host === 'portal.invalid' ? `${url.pathname}${url.search}` : '/';
}

export const languageCookie = 'huzheng_language';
export const elderCookie = 'huzheng_elder';
const yearSeconds = 366 * 86_400;

/**
 * Remembers how the reader wants the pages.
 * @param wish `language:en`, `language:zh`, `elder:on`, `elder:off`; anything else changes nothing
 */
export function remember(context: Context, wish: string): void {
  const [name, value] = wish.split(':');
  if (name === 'language' && (value === 'zh' || value === 'en')) context.setCookie({ name: languageCookie, value, max_age_seconds: yearSeconds });
  if (name === 'elder' && value === 'on') context.setCookie({ name: elderCookie, value: '1', max_age_seconds: yearSeconds });
  if (name === 'elder' && value === 'off') context.setCookie({ name: elderCookie, value: null });
}

/** Text of a form field; what is no text is none. */
export function fieldText(input: Record<string, unknown>, name: string): string {
  const value = input[name];
  const last: unknown = Array.isArray(value) ? value.at(-1) : value;
  return typeof last === 'string' ? last : '';
}
