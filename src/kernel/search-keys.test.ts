import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { findPinyinQuery, foldVariants, gramsForQuery, gramsOf, pinyinKeysOf } from './search-keys.ts';

const namesFromAllPlanes = fc
  .array(fc.constantFrom(...'张伟華单覃吕娜買提·𬭊䶮𠅤㛃ab '), { minLength: 1, maxLength: 12 })
  .map((characters) => characters.join(''));

function found(text: string, query: string): boolean {
  const grams = new Set(gramsOf(text));
  return gramsForQuery(query).every((gram) => grams.has(gram));
}

describe('folding', () => {
  it.each([
    ['錢鍾書', '钱钟书'],
    ['張峯', '张峰'],
    ['羣珎', '群珍'],
    ['吕呂', '吕吕'],
    ['戶口册', '户口册'],
    ['１２Ａ', '12a'],
    ['买买提•艾力', '买买提·艾力'],
    ['买买提・艾力', '买买提·艾力'],
    ['葛\u{E0100}力\u200b', '葛力'],
    ['⼤', '大'],
    ['𬭊䶮𠅤㛃', '𬭊䶮𠅤㛃'],
  ])('%s is searched as %s', (text, folded) => {
    expect(foldVariants(text)).toBe(folded);
  });

  it.each(['喆哲', '肖萧', '闫阎', '付傅', '邱丘', '堃坤', '㛃洁'])('keeps the different names of %s apart', (pair) => {
    const [one, other] = [...pair];
    expect(foldVariants(one!)).not.toBe(foldVariants(other!));
  });

  it('folds a piece of a text as it folds the whole', () => {
    fc.assert(
      fc.property(namesFromAllPlanes, namesFromAllPlanes, (left, right) => {
        expect(foldVariants(left + right)).toBe(foldVariants(left) + foldVariants(right));
      }),
    );
  });

  it('changes nothing when it is applied twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(foldVariants(foldVariants(text))).toBe(foldVariants(text));
      }),
    );
  });
});

describe('grams', () => {
  it('holds each character and each neighbouring pair once', () => {
    expect(gramsOf('张伟伟').sort()).toEqual(['伟', '伟伟', '张', '张伟'].sort());
  });

  it('counts characters beyond the basic plane as one', () => {
    expect(gramsOf('刘𬭊')).toEqual(['刘', '𬭊', '刘𬭊']);
    expect(gramsForQuery('𬭊')).toEqual(['𬭊']);
  });

  it('finds a part of a transliterated name with or without its dot', () => {
    for (const query of ['古丽·买', '古丽买', '阿依古丽·买买提', '买买提'])
      expect(found('阿依古丽·买买提', query), query).toBe(true);
    expect(found('阿依古丽·买买提', '提买')).toBe(false);
  });

  it('finds words in any order when they are typed apart', () => {
    expect(found('大观路12号云大小区', '云大 大观路')).toBe(true);
    expect(found('大观路12号云大小区', '云大大观路')).toBe(false);
  });

  it('does not join numbers across a hyphen', () => {
    expect(found('大观路1-23号', '12')).toBe(false);
    expect(found('大观路1-23号', '23号')).toBe(true);
  });

  it('takes a number as a whole, but finds it while it is being typed', () => {
    for (const query of ['128号', '路128', '路12', '路1', '128', '大观路128号']) expect(found('大观路128号', query), query).toBe(true);
    for (const query of ['28号', '12号', '8号', '28', '路28']) expect(found('大观路128号', query), query).toBe(false);
  });

  it('asks for nothing when only marks were typed', () => {
    expect(gramsForQuery(' · -')).toEqual([]);
  });

  it('finds every infix of every name', () => {
    fc.assert(
      fc.property(namesFromAllPlanes, fc.nat(), fc.nat(), (text, from, length) => {
        const characters = [...text];
        const start = from % characters.length;
        const infix = characters.slice(start, start + 1 + (length % characters.length)).join('');
        expect(found(text, infix)).toBe(true);
      }),
    );
  });
});

describe('pinyin keys of names', () => {
  it.each([
    ['单雄信', 'shanxiongxin', 'sxx'],
    ['仇英', 'qiuying', 'qy'],
    ['曾国藩', 'zengguofan', 'zgf'],
    ['尉迟恭', 'yuchigong', 'ycg'],
    ['朴长乐', 'piaochangle', 'pcl'],
    ['吕布', 'lvbu', 'lb'],
    ['呂布', 'lvbu', 'lb'],
    ['刘䶮', 'liuyan', 'ly'],
    ['王𬭊', 'wangdu', 'wd'],
    ['阿依古丽·买买提', 'ayigulimaimaiti', 'ayglmmt'],
  ])('%s sorts under %s', (name, full, initials) => {
    const keys = pinyinKeysOf(name, { surname: true });
    expect(keys.full[0]).toBe(full);
    expect(keys.initials[0]).toBe(initials);
  });

  it('keeps both readings of a surname that has two', () => {
    expect(pinyinKeysOf('覃伟', { surname: true })).toEqual({ full: ['qinwei', 'tanwei'], initials: ['qw', 'tw'] });
    expect(pinyinKeysOf('单雄信', { surname: true }).full).toContain('danxiongxin');
  });

  it('lets a character without a known reading stand for itself', () => {
    expect(pinyinKeysOf('王𮧵', { surname: true })).toEqual({ full: ['wang𮧵'], initials: ['w𮧵'] });
  });

  it('keeps at most eight readings and the likeliest first', () => {
    const keys = pinyinKeysOf('乐长朝阳曾单', { surname: true });
    expect(keys.full.length).toBeLessThanOrEqual(8);
    expect(keys.full[0]).toMatch(/^yuechang/);
  });

  it('has no key for a name without letters', () => {
    expect(pinyinKeysOf(' · ', { surname: true })).toEqual({ full: [], initials: [] });
  });

  it('has one initial for every syllable of the likeliest reading', () => {
    fc.assert(
      fc.property(namesFromAllPlanes, (name) => {
        const keys = pinyinKeysOf(name, { surname: true });
        const characters = [...name].filter((character) => !/[· ]/u.test(character));
        expect([...(keys.initials[0] ?? '')].length).toBe(characters.length);
      }),
    );
  });
});

describe('pinyin keys of places', () => {
  it.each([
    ['重庆市', 'chongqingshi'],
    ['六安市', 'luanshi'],
    ['五华区', 'wuhuaqu'],
    ['绿春县', 'lvchunxian'],
  ])('%s sorts under %s', (name, full) => {
    expect(pinyinKeysOf(name, { surname: false }).full[0]).toBe(full);
  });

  it('knows a local reading among the others', () => {
    expect(pinyinKeysOf('单县', { surname: false }).full).toContain('shanxian');
  });

  it('keeps digits and letters in lower case', () => {
    expect(pinyinKeysOf('３路A座', { surname: false }).full[0]).toBe('3luazuo');
  });
});

describe('what somebody typed', () => {
  it.each([
    ["Xi'an", 'xian'],
    ['lǚ bù', 'lvbu'],
    ['LYU BU', 'lvbu'],
    ['lü', 'lv'],
    ['wu hua', 'wuhua'],
    ['ｄｇｌ', 'dgl'],
  ])('%s is looked up as %s', (typed, key) => {
    expect(findPinyinQuery(typed)).toBe(key);
  });

  it.each(['张伟', '', '12', 'zhang伟', "'; drop table"])('"%s" is not pinyin', (typed) => {
    expect(findPinyinQuery(typed)).toBeUndefined();
  });
});
