import { expect, test } from 'vitest';
import { number } from '../../../test/harness/portal.ts';
import { likelyRelation } from './likely-relations.ts';

const person = (relation: string, sex: '1' | '2', birth_on: string, is_self = false) => ({
  name: '某', id_number: number(`530102${birth_on.replaceAll('-', '')}90${sex}`), relation, relation_text: { zh: '', en: '' }, birth_on, is_self,
});
const relationsOf = (members: ReturnType<typeof person>[]): string[] => members.map((member) => likelyRelation(member, members));

test.each([
  ['the head keeps everybody as they are', [person('02', '1', '1960-01-01', true), person('12', '2', '1962-01-01'), person('21', '1', '1990-01-01')], ['02', '12', '21']],
  ['a son with wife and only child takes his family along', [person('02', '1', '1960-01-01'), person('22', '1', '1990-01-01', true), person('38', '2', '1992-01-01'), person('42', '2', '2018-01-01')], ['51', '02', '12', '31']],
  ['children of the couple are numbered by age and sex', [person('02', '1', '1960-01-01'), person('22', '1', '1990-01-01', true), person('38', '2', '1992-01-01'), person('41', '1', '2020-01-01'), person('41', '1', '2016-01-01'), person('42', '2', '2018-01-01')], ['51', '02', '12', '23', '22', '32']],
  ['a daughter-in-law may be the one who moves', [person('02', '2', '1960-01-01'), person('21', '1', '1990-01-01'), person('38', '2', '1992-01-01', true), person('41', '1', '2018-01-01')], ['54', '11', '02', '21']],
  ['the wife becomes head: the husband is 夫 and the children are hers', [person('02', '1', '1960-01-01'), person('12', '2', '1962-01-01', true), person('22', '1', '1990-01-01')], ['11', '02', '22']],
  ['with two sons nothing is guessed about wives and grandchildren', [person('02', '1', '1960-01-01'), person('22', '1', '1988-01-01'), person('23', '1', '1990-01-01', true), person('38', '2', '1992-01-01'), person('41', '1', '2018-01-01')], ['51', '71', '02', '', '']],
])('%s', (_title, members, expected) => expect(relationsOf(members)).toEqual(expected));
