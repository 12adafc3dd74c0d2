import { expect, it } from 'vitest';
import { presenceAfter } from './idle.ts';

it('warns two minutes before the screen locks, and locks at the limit', () => {
  expect(presenceAfter(0, 895)).toEqual({ state: 'here' });
  expect(presenceAfter(774, 895)).toEqual({ state: 'here' });
  expect(presenceAfter(775, 895)).toEqual({ state: 'warned', seconds_left: 120 });
  expect(presenceAfter(894.5, 895)).toEqual({ state: 'warned', seconds_left: 1 });
  expect(presenceAfter(895, 895)).toEqual({ state: 'gone' });
});

it('warns for half of a very short limit', () => {
  expect(presenceAfter(29, 60)).toEqual({ state: 'here' });
  expect(presenceAfter(30, 60)).toEqual({ state: 'warned', seconds_left: 30 });
});
