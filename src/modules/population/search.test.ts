/** Whatever an officer types: characters anywhere in the name, pinyin, initials, variants, dates, addresses. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offices, openRegister, stations, type MadeHousehold, type Register } from '../../../test/harness/register.ts';
import type { InputOf } from '../../kernel/index.ts';
import { changeMainItems, openLeases, searchPersons, type contract } from './index.ts';

type Input = InputOf<typeof contract.searchPersons>;

let register: Register;
let home: MadeHousehold;
const names = ['张伟华', '华张伟', '张华', '欧阳娜娜', '覃小明', '单雄信', '吕布', '阿依古丽·买买提', '李峯', '錢鍾書', '仇青', '𠅤喆'];
beforeAll(async () => {
  register = await openRegister();
  home = await register.household(stations.daguan, names.map((name, at) => ({ name, birth_on: `19${70 + at}-03-04`, ...(name === '张华' ? { former_name: '张建设' } : {}) })));
  // The same name in two counties, more than a page of it.
  for (let at = 0; at < 9; at++) await register.household(at % 2 === 0 ? stations.daguan : stations.huashan, Array.from({ length: 5 }, () => ({ name: '王同名', birth_on: '1990-07-08' })));
  await register.household(stations.panlong, Array.from({ length: 4 }, () => ({ name: '王同名' })));
});
afterAll(() => register.close());

const search = (input: Input, org_code: string = offices.kunming) => register.asOffice(org_code, (context) => searchPersons(context, input));
const found = async (input: Input, org_code?: string): Promise<string[]> => (await search(input, org_code)).persons.map((person) => person.name);
const refused = (input: Input): Promise<string> => search(input).then(() => 'let through', (error: { code: string }) => error.code);

describe('a name is found', () => {
  it.each<[string, string[], string]>([
    ['张伟', ['华张伟', '张伟华'], 'by two characters, wherever they stand'],
    ['伟华', ['张伟华'], 'by its last two characters'],
    ['张伟华', ['张伟华'], 'by all of it'],
    ['华 张', ['华张伟', '张伟华', '张华'], 'by two characters apart, in any order'],
    ['zhangwei', ['张伟华'], 'by the beginning of its pinyin'],
    ['ZhangWeiHua', ['张伟华'], 'by its pinyin in capitals'],
    ["zhang wei'hua", ['张伟华'], 'by its pinyin in syllables'],
    ['zwh', ['张伟华'], 'by its initials'],
    ['zhangw', ['张伟华'], 'by a syllable that is not finished'],
    ['ouyang', ['欧阳娜娜'], 'by a double surname'],
    ['oynn', ['欧阳娜娜'], 'by the initials of a double surname'],
    ['qinxiaoming', ['覃小明'], 'by one reading of the surname'],
    ['tanxiaoming', ['覃小明'], 'by the other reading of the surname'],
    ['shanxiong', ['单雄信'], 'by the reading of a character as surname'],
    ['qiuqing', ['仇青'], 'by the reading of a character as surname'],
    ['lvbu', ['吕布'], 'by ü typed as v'],
    ['lyubu', ['吕布'], 'by ü as passports write it'],
    ['lübu', ['吕布'], 'by ü'],
    ['古丽买买', ['阿依古丽·买买提'], 'across the dot'],
    ['古丽·买买提', ['阿依古丽·买买提'], 'with the dot'],
    ['古丽•买买提', ['阿依古丽·买买提'], 'with a dot of another kind'],
    ['李峰', ['李峯'], 'by the common form of a variant'],
    ['钱钟书', ['錢鍾書'], 'by simplified characters'],
    ['錢鍾', ['錢鍾書'], 'by traditional characters'],
    ['𠅤喆', ['𠅤喆'], 'by rare characters'],
    ['张建设', ['张华'], 'by the former name'],
    ['zhangjianshe', ['张华'], 'by the pinyin of the former name'],
  ])('%s', async (typed, expected) => {
    expect((await found({ name: typed })).toSorted()).toEqual([...expected].toSorted());
  });

  it('that only looks alike is not', async () => {
    for (const typed of ['伟张', '张三', 'zhangh u x', 'wzh']) expect(await found({ name: typed })).toEqual([]);
  });

  it('the shortest first by characters, in the order of sounds by pinyin', async () => {
    expect(await found({ name: '张 华' })).toEqual(['张华', ...(await found({ name: '张 华' })).slice(1)]);
    expect(await found({ name: 'zhang' })).toEqual(['张华', '张华', '张伟华'].filter((name, at, all) => all.indexOf(name) === at));
  });

  it('by the new name after a change', async () => {
    const { person_id } = home.members[names.indexOf('单雄信')]!;
    const case_id = '00000000-0000-7000-8000-00000000abcd';
    const rename = (name: string) => register.asOffice(stations.daguan, async (context) => {
      await openLeases(context, { case_id, case_no: null, kind: 'identity', person_ids: [person_id], household_ids: [], org_code: stations.daguan, holder_name: '段', holder_phone: null, expires_at: new Date(context.now.getTime() + 60_000) });
      await changeMainItems(context, { case_id, person_id, kind: 'change', items: { name }, effective_on: '2026-11-23' });
    }, case_id);
    await rename('单小雄');
    expect(await found({ name: '单雄' })).toEqual([]);
    expect(await found({ name: 'shanxiong' })).toEqual([]);
    expect(await found({ name: '小雄' })).toEqual(['单小雄']);
    expect(await found({ name: 'shanxiaox' })).toEqual(['单小雄']);
    await rename('单雄信');
  });
});

describe('other ways', () => {
  it('by number, also typed in full width, with spaces or a small x', async () => {
    const person = home.members.find((member) => member.id_number.endsWith('X')) ?? home.members[0]!;
    const fullWidth = [...person.id_number].map((character) => (character >= '0' && character <= '9' ? String.fromCharCode(character.charCodeAt(0) + 0xfee0) : character)).join('');
    for (const typed of [person.id_number, person.id_number.toLowerCase(), ` ${person.id_number.slice(0, 6)} ${person.id_number.slice(6)}`, fullWidth]) {
      expect((await search({ id_number: typed })).persons.map((one) => one.person_id)).toEqual([person.person_id]);
    }
  });

  it('by birth date, alone or with a name', async () => {
    expect(await found({ birth_on: '1971-03-04' })).toEqual(['华张伟']);
    expect(await found({ birth_on: '1990-07-08', name: '王同' })).toHaveLength(20);
    expect(await found({ birth_on: '1971-03-04', name: 'huazh' })).toEqual(['华张伟']);
    expect(await found({ birth_on: '1971-03-04', name: '王同' })).toEqual([]);
  });

  it('by address, alone or with a name', async () => {
    expect((await found({ address_id: home.address_id })).toSorted()).toEqual([...names].toSorted());
    expect(await found({ address_id: home.address_id, name: 'lvbu' })).toEqual(['吕布']);
  });

  it('narrowed to a station', async () => {
    expect((await search({ name: '王同名', station_code: stations.panlong })).persons.map((person) => person.station_code)).toEqual(Array(4).fill(stations.panlong));
    expect(await found({ name: '王同名', station_code: stations.xiaguan })).toEqual([]);
  });

  it('shows number masked, household and relation', async () => {
    const [person] = (await search({ name: '张伟华' })).persons;
    expect(person).toMatchObject({ person_id: home.members[0]!.person_id, household_no: home.household_no, relation: '02', status: '0', station_code: stations.daguan });
    expect(person!.id_number_masked).not.toBe(home.members[0]!.id_number);
    expect(JSON.stringify(person)).not.toContain(home.members[0]!.id_number);
  });
});

describe('pages', () => {
  it.each([['characters', { name: '王同名' }, 49], ['pinyin', { name: 'wangt' }, 49], ['initials', { name: 'wtm' }, 49], ['birth date', { birth_on: '1990-07-08' }, 45]] as const)('by %s: everybody once, twenty at a time', async (_way, input, total) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    let pages = 0;
    do {
      const page = await search({ ...input, ...(cursor === null ? {} : { cursor }) });
      expect(page.persons.length).toBeLessThanOrEqual(20);
      seen.push(...page.persons.map((person) => person.person_id));
      cursor = page.next_cursor;
      pages++;
    } while (cursor !== null);
    expect(pages).toBe(3);
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
  });

  it('hold only the jurisdiction, wherever the cursor came from', async () => {
    const page = await search({ name: '王同名' });
    const next = await search({ name: '王同名', cursor: page.next_cursor! }, stations.panlong);
    expect(next.persons.every((person) => person.station_code === stations.panlong)).toBe(true);
    expect(await search({ name: '王同名' }, stations.xiaguan)).toEqual({ persons: [], next_cursor: null });
  });

  it('a name of several readings is shown once', async () => {
    expect(await found({ name: 'wang' })).toHaveLength(20);
    const all = (await search({ name: 'tm' })).persons;
    expect(new Set(all.map((person) => person.person_id)).size).toBe(all.length);
  });
});

describe('a search is refused', () => {
  it.each([['that says nothing', {}], ['by station alone', { station_code: stations.daguan }], ['by one letter', { name: 'z ' }], ['by signs alone', { name: '!?' }]] as const)('%s', async (_what, input) => {
    expect(await refused(input)).toBe('population.search_too_broad');
  });
  it.each(['x', Buffer.from('["530102","",1]').toString('base64url'), Buffer.from(`["530102';","","${'0'.repeat(36)}"]`).toString('base64url')])('with a cursor that makes no sense: %s', async (cursor) => {
    expect(await refused({ name: '王同名', cursor })).toBe('population.cursor_unknown');
  });
});
