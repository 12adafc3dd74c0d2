import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkCharacter, isDemoNumber, maskIdNumber, normaliseIdNumber, parseIdNumber, upgradeOldNumber, validateIdNumber,
} from './id-number.ts';

const TODAY = '2026-11-01';

function withCheck(digits: string): string {
  return digits + checkCharacter(digits);
}

function codes(text: string, facts: Partial<Parameters<typeof validateIdNumber>[1]> = {}): string[] {
  return validateIdNumber(text, { today: TODAY, ...facts }).map((violation) => violation.code);
}

/** Digits of a number with a real day between 1890 and 2026. */
const numbers = fc
  .tuple(
    fc.constantFrom('530102', '530111', '532901', '110105'),
    fc.date({ min: new Date('1890-01-01'), max: new Date('2026-11-01'), noInvalidDate: true }),
    fc.integer({ min: 1, max: 999 }),
  )
  .map(([area, day, sequence]) => withCheck(area + day.toISOString().slice(0, 10).replaceAll('-', '') + String(sequence).padStart(3, '0')));

describe('the check character (GB 11643, ISO 7064 MOD 11-2)', () => {
  it.each([
    ['11010519491231002', 'X'],
    ['44052418800101001', '4'],
  ])('of %s is %s, as in the examples of the standard', (digits, character) => {
    expect(checkCharacter(digits)).toBe(character);
  });

  it('refuses to be computed from anything but 17 digits', () => {
    expect(() => checkCharacter('1101051949123100')).toThrow('17 digits');
    expect(() => checkCharacter('1101051949123100X')).toThrow('17 digits');
  });

  it('finds every single wrong digit and every exchange of two neighbours', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 16 }), fc.integer({ min: 1, max: 9 }), (number, at, shift) => {
        const wrongDigit = (Number(number[at]) + shift) % 10;
        const miswritten = number.slice(0, at) + wrongDigit + number.slice(at + 1);
        expect(checkCharacter(miswritten)).not.toBe(number[17]);
        if (at < 16 && number[at] !== number[at + 1]) {
          const exchanged = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2);
          expect(checkCharacter(exchanged)).not.toBe(number[17]);
        }
      }),
      { seed: 11643 },
    );
  });
});

describe('what people type', () => {
  it.each([
    ['11010519491231002x', '11010519491231002X'],
    [' 110105 19491231 002X ', '11010519491231002X'],
    ['１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
    ['110105\u300019491231\u00a0002ｘ', '11010519491231002X'],
    ['\u202d11010519491231002X\u202c\u200b', '11010519491231002X'],
  ])('%j becomes %s', (typed, kept) => {
    expect(normaliseIdNumber(typed)).toBe(kept);
    expect(codes(typed)).toEqual([]);
  });
});

describe('the parts of a number', () => {
  it('are address code, birth date, sequence, sex and check character', () => {
    expect(parseIdNumber('11010519491231002x')).toEqual({
      id_number: '11010519491231002X',
      area_code: '110105',
      birth_on: '1949-12-31',
      sequence: '002',
      sex: '2',
      check: 'X',
    });
  });

  it.each(['', '0101051949123100', '010105194912310021', '1101051949123100X2', '张三'])('are not read from %j', (text) => {
    expect(parseIdNumber(text)).toBeNull();
  });
});

describe('a number is refused', () => {
  it.each([
    ['without characters', '', ['ID_LENGTH']],
    ['with 17 characters', '11010519491231002', ['ID_LENGTH']],
    ['with 19 characters', '11010519491231002X1', ['ID_LENGTH']],
    ['of 15 digits, which are out of use since 2013', '110105491231002', ['ID_LENGTH']],
    ['with a letter among the digits', '1101051949123100O8', ['ID_PATTERN']],
    ['with X before the end', '1101051949123100X2', ['ID_PATTERN']],
    ['with 0 as the first digit', '010105194912310021', ['ID_PATTERN']],
    ['with a wrong check character', '110105194912310020', ['ID_CHECK']],
    ['born on 29 February of a common year', withCheck('53010219990229901'), ['ID_DATE']],
    ['born on 29 February 1900, no leap year', withCheck('53010219000229901'), ['ID_DATE']],
    ['born on 31 April', withCheck('53010219990431901'), ['ID_DATE']],
    ['born in month 13', withCheck('53010219991301901'), ['ID_DATE']],
    ['born on day 0', withCheck('53010219990100901'), ['ID_DATE']],
    ['born on the last day before 1890', withCheck('53010218891231901'), ['ID_DATE']],
    ['born tomorrow', withCheck('53010220261102901'), ['ID_DATE']],
    ['for an impossible day and a wrong check character at once', '530102199902309010', ['ID_DATE', 'ID_CHECK']],
  ])('%s', (_why, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it.each([
    ['born on 29 February of a leap year', withCheck('53010220240229901')],
    ['born on 29 February 2000', withCheck('53010220000229901')],
    ['born on 1 January 1890', withCheck('53010218900101901')],
    ['born today', withCheck('53010220261101901')],
  ])('never for being %s', (_why, text) => {
    expect(codes(text)).toEqual([]);
  });

  it('when its birth date or sex digit contradicts the record', () => {
    const woman = '11010519491231002X';
    expect(codes(woman, { birth_on: '1949-12-31', sex: '2' })).toEqual([]);
    expect(codes(woman, { birth_on: '1949-12-30', sex: '2' })).toEqual(['ID_BIRTH_MISMATCH']);
    expect(codes(woman, { birth_on: '1949-12-31', sex: '1' })).toEqual(['ID_SEX_MISMATCH']);
    expect(codes(woman, { birth_on: '1950-01-01', sex: '1' })).toEqual(['ID_BIRTH_MISMATCH', 'ID_SEX_MISMATCH']);
    expect(codes(woman, { sex: '9' })).toEqual([]);
  });

  it('with one sentence in each language that says how to mend it', () => {
    const [violation] = validateIdNumber('110105491231002', { today: TODAY });
    expect(violation?.zh).toContain('18位公民身份号码');
    expect(violation?.en).toContain('18 characters');
  });
});

describe('the address code', () => {
  const areaKnown = (code: string) => code === '530102';

  it('only warns when it is in no list, because the history of other provinces is incomplete', () => {
    expect(validateIdNumber(withCheck('53990119990101901'), { today: TODAY, areaKnown })).toContainEqual(
      expect.objectContaining({ code: 'ID_DIVISION', severity: 'warning' }),
    );
    expect(codes(withCheck('53010219990101901'), { areaKnown })).toEqual([]);
  });

  it.each(['810000', '820000', '830000', '911124'])('%s stands for no county and is not looked up', (area) => {
    expect(codes(withCheck(`${area}19990101901`), { areaKnown })).toEqual([]);
  });
});

describe('an old number of 15 digits', () => {
  it.each([
    ['110105491231002', '11010519491231002X'],
    ['440524800101001', withCheck('44052419800101001')],
    ['530102990101996', withCheck('53010218990101996')],
    ['530102990101999', withCheck('53010218990101999')],
    ['530102990101995', withCheck('53010219990101995')],
  ])('%s is upgraded to %s', (old, upgraded) => {
    expect(upgradeOldNumber(old)).toBe(upgraded);
  });

  it.each(['110105491331002', '530102000229996', '11010549123100', '11010519491231002X', '110105491231O02'])(
    '%s is not one and is not upgraded',
    (text) => {
      expect(upgradeOldNumber(text)).toBeNull();
    },
  );
});

describe('a masked number', () => {
  it('keeps the first six and the last four characters', () => {
    expect(maskIdNumber('11010519491231002X')).toBe('110105********002X');
    expect(maskIdNumber('110105491231002')).toBe('110105*****1002');
  });

  it('shows nothing of a text too short to hide its middle', () => {
    expect(maskIdNumber('1101051949')).toBe('**********');
  });
});

describe('numbers of invented people', () => {
  it('have sequence codes 900 to 999 and a correct check character', () => {
    expect(isDemoNumber(withCheck('53010219990101900'))).toBe(true);
    expect(isDemoNumber(withCheck('53010219990101999'))).toBe(true);
    expect(isDemoNumber(withCheck('53010219990101899'))).toBe(false);
    const valid = withCheck('53010219990101901');
    const other = valid.endsWith('0') ? '1' : '0';
    expect(isDemoNumber(valid.slice(0, 17) + other)).toBe(false);
  });
});

describe('every well-formed number', () => {
  it('is lawful, agrees with its own parts, and survives reading', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const parsed = parseIdNumber(number)!;
        expect(codes(number, { birth_on: parsed.birth_on, sex: parsed.sex, areaKnown: () => true })).toEqual([]);
        expect(parsed.area_code + parsed.birth_on.replaceAll('-', '') + parsed.sequence + parsed.check).toBe(number);
      }),
      { seed: 11643 },
    );
  });

  it('of the twentieth century is the upgrade of its own old form', () => {
    fc.assert(
      fc.property(numbers.filter((number) => number.slice(6, 8) === '19' && Number(number.slice(14, 17)) < 996), (number) => {
        expect(upgradeOldNumber(number.slice(0, 6) + number.slice(8, 17))).toBe(number);
      }),
      { seed: 11643 },
    );
  });
});
