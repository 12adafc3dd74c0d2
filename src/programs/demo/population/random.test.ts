import { describe, expect, it } from 'vitest';
import { Random, mix, weighted } from './random.ts';

const draw = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

describe('reproducible randomness', () => {
  it('gives the same numbers for the same seed and stream, and others for others', () => {
    const first = draw(new Random(7, 'a'), 50);
    expect(draw(new Random(7, 'a'), 50)).toEqual(first);
    expect(draw(new Random(8, 'a'), 50)).not.toEqual(first);
    expect(draw(new Random(7, 'b'), 50)).not.toEqual(first);
  });

  it('stays as it is: a change would silently replace every demonstration', () => {
    const random = new Random(1, 'station 530102500000');
    expect(Array.from({ length: 6 }, () => random.between(0, 999))).toMatchInlineSnapshot(`
      [
        495,
        72,
        869,
        633,
        363,
        629,
      ]
    `);
  });

  it('is even: each tenth of the range gets a tenth of the draws', () => {
    const tenths = new Array<number>(10).fill(0);
    const random = new Random(3, 'even');
    for (const value of draw(random, 20_000)) tenths[Math.floor(value * 10)]! += 1;
    for (const count of tenths) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('reaches both ends of a range and never leaves it', () => {
    const random = new Random(3, 'range');
    const drawn = new Set(Array.from({ length: 400 }, () => random.between(-2, 2)));
    expect([...drawn].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(random.between(5, 4)).toBe(5);
  });

  it('draws normally distributed values inside their limits', () => {
    const random = new Random(3, 'normal');
    const values = Array.from({ length: 20_000 }, () => random.normal(10, 2, 5, 15));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(10, 1);
    expect(deviation).toBeCloseTo(2, 1);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...values)).toBeLessThanOrEqual(15);
  });

  it('draws by weight, and never what weighs nothing', () => {
    const sampler = weighted([['never', 0], ['seldom', 1], ['often', 9]]);
    const random = new Random(3, 'weights');
    const drawn = Array.from({ length: 10_000 }, () => sampler(random));
    expect(drawn).not.toContain('never');
    expect(Math.abs(drawn.filter((value) => value === 'seldom').length - 1000)).toBeLessThan(120);
    expect(() => weighted([['a', 0]])).toThrow('more than nothing');
  });

  it('mixes without collisions', () => {
    expect(new Set(Array.from({ length: 50_000 }, (_, index) => mix(index))).size).toBe(50_000);
  });
});
