/** How long a card is valid and what its reasons mean. Pure; 居民身份证法第五条, GA/T 2000.10. */
import { ageOn } from '../../kernel/clock.ts';

export const cardReasons = ['11', '12', '13', '14', '15', '16', '21', '22', '23', '31', '40'] as const;
export type CardReason = (typeof cardReasons)[number];

/** A card for a card: the old one is given back when the new one is handed over. */
export const isRenewal = (reason: string): boolean => reason.startsWith('2') || reason === '40';
export const isFirst = (reason: string): boolean => reason.startsWith('1');
export const isForLost = (reason: string): boolean => reason.startsWith('3');

/** Under 16 five years, 16 to 25 ten, 26 to 45 twenty, from 46 long-term (null); counted on the day of signing. */
export function validityYears(birth_on: string, signed_on: string): 5 | 10 | 20 | null {
  const age = ageOn(birth_on, signed_on);
  if (age < 16) return 5;
  if (age <= 25) return 10;
  if (age <= 45) return 20;
  return null;
}

/** The same day so many months on; a day that month does not have becomes its last. */
export function monthsAfter(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const index = year * 12 + month - 1 + months;
  const [y, m] = [Math.floor(index / 12), (index % 12) + 1];
  const last = new Date(Date.UTC(y, m, 0)).getUTCDate();
  return `${y}-${String(m).padStart(2, '0')}-${String(Math.min(date, last)).padStart(2, '0')}`;
}

/** From the day of signing until the same day years later; null is long-term. */
export function validityOf(birth_on: string, signed_on: string): { valid_from_on: string; valid_until_on: string | null } {
  const years = validityYears(birth_on, signed_on);
  return { valid_from_on: signed_on, valid_until_on: years === null ? null : monthsAfter(signed_on, years * 12) };
}
