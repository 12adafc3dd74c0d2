/** The places of the workstation, each shown to those whose post opens it. */
import type { Text } from '../kit/language.ts';
import { shell } from './texts.ts';

export interface Place {
  href: string;
  label: Text;
  right: string | null;
}
export const places: readonly Place[] = [
  { href: '/queue', label: shell.queue, right: 'cases.list_queue' },
  { href: '/counter', label: shell.counter, right: 'cases.open_case' },
  { href: '/persons', label: shell.search, right: 'population.search_persons' },
  { href: '/messages', label: shell.messages, right: 'cases.read_messages' },
  { href: '/rechecks', label: shell.rechecks, right: 'cases.record_recheck' },
  { href: '/cover', label: shell.cover, right: 'accounts.grant_leave_cover' },
  { href: '/exchange', label: shell.exchange, right: 'exchange.read_counters' },
];
