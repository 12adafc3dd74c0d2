import { expect, it } from 'vitest';
import { readQuery } from './query.ts';

it.each([
  ['530102199007020027', { by: 'number', id_number: '530102199007020027' }],
  [' 530102 19900702 002x ', { by: 'number', id_number: '53010219900702002X' }],
  ['530102900702002', { by: 'number', id_number: '530102900702002' }],
  ['530102199007020027 段𬭊', { by: 'number_and_name', id_number: '530102199007020027', name: '段𬭊' }],
  ['阿依古丽•买买提江 53010219900702002X', { by: 'number_and_name', id_number: '53010219900702002X', name: '阿依古丽·买买提江' }],
  ['段𬭊', { by: 'name', name: '段𬭊' }],
  ['duanhong', { by: 'name', name: 'duanhong' }],
  ['dh', { by: 'name', name: 'dh' }],
  ['5301', { by: 'name', name: '5301' }],
  ['   ', { by: 'nothing' }],
])('%s', (typed, query) => {
  expect(readQuery(typed)).toEqual(query);
});
