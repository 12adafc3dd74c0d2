import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lawfulName, normaliseName, NAME_LENGTH_MAX } from './names.ts';
import { givenNameViolations, inGeneralTable } from './name-table.ts';

const codes = (name: string, allowance?: Parameters<typeof lawfulName>[1]) =>
  lawfulName(name, allowance).map((violation) => violation.code);

describe('a lawful name', () => {
  it.each([
    '王芳', '欧阳修远', '李𬭊', '段𠅤', '张㛃', '李䶮', '𬱖𬍡', '阿依古丽·买买提', '阿卜杜热合曼·麦麦提图尔荪·艾则孜',
    '陈\ufa0e', '陈\ufa29', '赵\u{2ebf0}', '钱\u{30000}', '和'.repeat(NAME_LENGTH_MAX), '𠅤'.repeat(NAME_LENGTH_MAX),
  ])('may be %s', (name) => {
    expect(codes(name)).toEqual([]);
  });
});

describe('a name is refused', () => {
  it.each([
    ['when empty', '', ['NAME_EMPTY']],
    ['with one character', '王', ['NAME_SHORT']],
    ['with one character beyond the basic plane, which is two UTF-16 units', '𬭊', ['NAME_SHORT']],
    ['with 51 characters', '和'.repeat(51), ['NAME_LONG']],
    ['with the dot first', '·买买提', ['NAME_DOT_PLACE']],
    ['with the dot last', '买买提·', ['NAME_DOT_PLACE']],
    ['with the dot doubled', '买买提··艾力', ['NAME_DOT_PLACE']],
    ['with a bullet for the dot', '买买提•艾力', ['NAME_DOT_FORM']],
    ['with two kinds of separators', '阿依·古丽・买买提', ['NAME_DOT_FORM']],
    ['with a space inside', '王 芳', ['NAME_SPACE']],
    ['with a space at the end', '王芳 ', ['NAME_SPACE']],
    ['with an ideographic space', '王\u3000芳', ['NAME_SPACE']],
    ['with a zero-width space', '王\u200b芳', ['NAME_INVISIBLE']],
    ['with a byte order mark', '\ufeff王芳', ['NAME_INVISIBLE']],
    ['with a word joiner', '王\u2060芳', ['NAME_INVISIBLE']],
    ['with a control character', '王\u0007芳', ['NAME_INVISIBLE']],
    ['with a variation selector', '葛\u{e0100}平', ['NAME_INVISIBLE']],
    ['with a standardised variation selector', '葛\ufe00平', ['NAME_INVISIBLE']],
    ['with half a surrogate pair', '王\ud86c', ['NAME_INVISIBLE']],
    ['with a private-use character', '王\ue816', ['NAME_PRIVATE']],
    ['with a private-use character of plane 15', '王\u{f0001}', ['NAME_PRIVATE']],
    ['with a compatibility ideograph', '王\uf900', ['NAME_COMPATIBILITY']],
    ['with a supplementary compatibility ideograph', '王\u{2f800}', ['NAME_COMPATIBILITY']],
    ['with the neighbour of one of the twelve', '王\ufa10', ['NAME_COMPATIBILITY']],
    ['with a Kangxi radical', '王\u2f00', ['NAME_RADICAL']],
    ['with a radical supplement', '王\u2e81', ['NAME_RADICAL']],
    ['with a description sign', '王⿰王', ['NAME_RADICAL']],
    ['with a question mark for a lost character', '王?', ['NAME_LOST']],
    ['with the replacement character', '王\ufffd', ['NAME_LOST']],
    ['with a box', '王□', ['NAME_LOST']],
    ['with an asterisk', '王*', ['NAME_LOST']],
    ['with 〇', '王〇', ['NAME_ZERO']],
    ['with a digit', '王2', ['NAME_DIGIT']],
    ['with a full-width digit', '王２', ['NAME_DIGIT']],
    ['with a Roman numeral sign', '王Ⅱ', ['NAME_DIGIT']],
    ['with a Latin letter', '王A', ['NAME_LATIN']],
    ['with another script', '王ཏན', ['NAME_FOREIGN']],
    ['with half-width katakana', '王ｱ', ['NAME_FOREIGN']],
    ['with an emoji', '王😀', ['NAME_SYMBOL']],
    ['with a full stop', '王。', ['NAME_SYMBOL']],
    ['with a hyphen', '王-芳', ['NAME_SYMBOL']],
    ['with an unassigned code point', '王\u{2fff0}', ['NAME_UNENCODED']],
    ['for several reasons at once', '·王A\u200b', ['NAME_LATIN', 'NAME_INVISIBLE', 'NAME_DOT_PLACE']],
  ])('%s', (_why, name, expected) => {
    expect(codes(name)).toEqual(expected);
  });

  it('naming each offending character once', () => {
    expect(lawfulName('王A芳BA')).toEqual([expect.objectContaining({ code: 'NAME_LATIN', characters: ['A', 'B'] })]);
  });

  it('with a sentence in both languages for every reason', () => {
    for (const name of ['', '王', '王?', '王 芳', '王〇']) {
      for (const violation of lawfulName(name)) {
        expect(violation.zh).toMatch(/\p{Script=Han}.*。$/u);
        expect(violation.en).toMatch(/\.$/u);
      }
    }
  });
});

describe('an allowance', () => {
  it('lets a bearer keep a character registered before', () => {
    expect(codes('王〇', { grandfathered: '〇' })).toEqual([]);
    expect(codes('王〇A', { grandfathered: '〇' })).toEqual(['NAME_LATIN']);
  });

  it('lets custom have a name of one character', () => {
    expect(codes('岩', { single_character: true })).toEqual([]);
  });
});

describe('normaliseName', () => {
  it.each([
    ['买买提•艾力', '买买提·艾力'],
    ['买买提‧艾力', '买买提·艾力'],
    ['买买提・艾力', '买买提·艾力'],
    ['买买提･艾力', '买买提·艾力'],
    ['买买提⋅艾力', '买买提·艾力'],
    ['买买提∙艾力', '买买提·艾力'],
    ['买买提\u0387艾力', '买买提·艾力'],
    ['买买提．艾力', '买买提·艾力'],
    ['买买提.艾力', '买买提·艾力'],
    ['𬭊.𠅤', '𬭊·𠅤'],
    ['A.B', 'A.B'],
    ['王芳.', '王芳.'],
    ['  王芳\u3000', '王芳'],
    ['王\t \u3000芳', '王 芳'],
    ['ＡｂＺ', 'AbZ'],
    ['陈\uf900', '陈\uf900'],
    ['王\u200b芳', '王\u200b芳'],
  ])('turns %j into %j', (raw, kept) => {
    expect(normaliseName(raw)).toBe(kept);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (raw) => {
        const once = normaliseName(raw);
        expect(normaliseName(once)).toBe(once);
      }),
      { seed: 2013 },
    );
  });

  it('never touches a Han character, compatibility ideographs included', () => {
    const han = fc.integer({ min: 0x3400, max: 0x323af }).map((point) => String.fromCodePoint(point)).filter((c) => /\p{Script=Han}/u.test(c));
    fc.assert(
      fc.property(fc.array(han, { minLength: 1 }), (characters) => {
        expect(normaliseName(characters.join(''))).toBe(characters.join(''));
      }),
      { seed: 2013 },
    );
  });
});

describe('a new given name', () => {
  it.each([
    ['张㛃', '张'],
    ['李䶮', '李'],
    ['王𬭊', '王'],
    ['段𠅤喆', '段'],
    ['阿依古丽·买买提', ''],
    ['冼星海', '冼'],
  ])('%s is written with characters of the general table', (name, surname) => {
    expect(givenNameViolations(name, surname)).toEqual([]);
  });

  it.each([
    ['王羴', '王', ['羴']],
    ['王國強', '王', ['國', '強']],
    ['王𠮷𠮷', '王', ['𠮷']],
  ])('%s is refused for characters outside the table', (name, surname, characters) => {
    expect(givenNameViolations(name, surname)).toEqual([expect.objectContaining({ code: 'NAME_NOT_IN_TABLE', characters })]);
  });

  it('leaves the surname out of the question, and what was registered before', () => {
    expect(inGeneralTable('閆')).toBe(false);
    expect(givenNameViolations('閆芳', '閆')).toEqual([]);
    expect(givenNameViolations('王羴', '王', { grandfathered: '羴' })).toEqual([]);
  });
});
