/** What somebody means who types into the one box of the person search. */
import { normaliseIdNumber } from '../../src/modules/reference/id-number.ts';
import { normaliseName } from '../../src/modules/reference/names.ts';

export type Query =
  | { by: 'number'; id_number: string }
  | { by: 'number_and_name'; id_number: string; name: string }
  | { by: 'name'; name: string }
  | { by: 'nothing' };

/** A whole number of the second generation, or one of the first with 15 digits, alone or beside a name in either order. */
const numberForm = /(?:^|\s)(\d{17}[\dX]|\d{15})(?:\s|$)/i;

export function readQuery(typed: string): Query {
  const text = typed.trim();
  if (text === '') return { by: 'nothing' };
  // A number alone may be written with spaces and full-width digits.
  const alone = normaliseIdNumber(text);
  if (numberForm.test(alone)) return { by: 'number', id_number: alone };
  const narrow = text.replace(/[\uff10-\uff19\uff38\uff58]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)).replace(/\u3000/g, ' ');
  const found = numberForm.exec(narrow);
  if (found !== null) {
    const name = normaliseName(narrow.replace(found[1]!, ' ').trim());
    if (name !== '') return { by: 'number_and_name', id_number: normaliseIdNumber(found[1]!), name };
  }
  return { by: 'name', name: normaliseName(text) };
}
