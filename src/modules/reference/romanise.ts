/**
 * English names of places and of public-security organs, by the rule of 地名 romanisation: the proper part in pinyin
 * as one word, the generic part translated (五华区 Wuhua District). Names that are not of Chinese origin keep the
 * spelling of their own language where it is established (呼和浩特 Hohhot).
 */
import { pinyin } from 'pinyin-pro';

/** Established spellings of proper parts that pinyin would get wrong. */
const ESTABLISHED: Record<string, string> = {
  内蒙古: 'Inner Mongolia', 西藏: 'Xizang', 新疆: 'Xinjiang', 新疆维吾尔: 'Xinjiang Uygur', 巴音郭楞蒙古: 'Bayingolin Mongol', 鄂伦春: 'Oroqen', 香港: 'Hong Kong', 澳门: 'Macao', 台湾: 'Taiwan', 陕西: 'Shaanxi',
  呼和浩特: 'Hohhot', 鄂尔多斯: 'Ordos', 呼伦贝尔: 'Hulunbuir', 巴彦淖尔: 'Bayannur', 乌兰察布: 'Ulanqab', 锡林郭勒: 'Xilingol', 兴安: "Xing'an",
  阿拉善: 'Alxa', 乌鲁木齐: 'Urumqi', 克拉玛依: 'Karamay', 吐鲁番: 'Turpan', 哈密: 'Hami', 喀什: 'Kashgar', 阿克苏: 'Aksu', 和田: 'Hotan',
  拉萨: 'Lhasa', 日喀则: 'Xigaze', 林芝: 'Nyingchi', 那曲: 'Nagqu', 阿里: 'Ngari', 哈尔滨: 'Harbin', 齐齐哈尔: 'Qiqihar', 香格里拉: 'Shangri-La',
};

/** Ethnic groups as they stand in names of autonomous places, spelled as in GB/T 3304. */
const GROUPS: Record<string, string> = {
  蒙古族: 'Mongol', 回族: 'Hui', 藏族: 'Zang', 维吾尔族: 'Uygur', 苗族: 'Miao', 彝族: 'Yi', 壮族: 'Zhuang', 布依族: 'Buyei', 朝鲜族: 'Chosen',
  满族: 'Man', 侗族: 'Dong', 瑶族: 'Yao', 白族: 'Bai', 土家族: 'Tujia', 哈尼族: 'Hani', 哈萨克族: 'Kazak', 哈萨克: 'Kazak', 傣族: 'Dai', 黎族: 'Li',
  傈僳族: 'Lisu', 佤族: 'Va', 畲族: 'She', 拉祜族: 'Lahu', 水族: 'Sui', 东乡族: 'Dongxiang', 纳西族: 'Naxi', 景颇族: 'Jingpo', 柯尔克孜: 'Kirgiz',
  土族: 'Tu', 达斡尔族: 'Daur', 仫佬族: 'Mulao', 羌族: 'Qiang', 布朗族: 'Blang', 撒拉族: 'Salar', 毛南族: 'Maonan', 仡佬族: 'Gelao', 锡伯: 'Xibe',
  阿昌族: 'Achang', 普米族: 'Pumi', 塔吉克: 'Tajik', 怒族: 'Nu', 裕固族: 'Yugur', 保安族: 'Bonan', 德昂族: 'Deang', 独龙族: 'Derung',
  鄂温克族: 'Ewenki', 各族: 'Multi-ethnic',
};
const GROUP_AT_END = new RegExp(`^(.*)(${Object.keys(GROUPS).join('|')})$`, 'u');

/** Generic parts, longest first. */
const GENERICS: readonly (readonly [string, string])[] = [
  ['国家高新技术产业开发区', 'National High-tech Zone'], ['国家经济技术开发区', 'National Development Zone'],
  ['高新技术产业开发区', 'High-tech Zone'], ['经济技术开发区', 'Development Zone'], ['开发区', 'Development Zone'],
  ['特别行政区', 'Special Administrative Region'], ['街道办事处', 'Subdistrict'], ['社区', 'Community'], ['自治区', 'Autonomous Region'],
  ['自治州', 'Autonomous Prefecture'], ['自治县', 'Autonomous County'], ['自治旗', 'Autonomous Banner'], ['街道', 'Subdistrict'],
  ['地区', 'Prefecture'], ['林区', 'Forest Area'], ['苏木', 'Sumu'], ['省', 'Province'], ['盟', 'League'], ['市', 'City'], ['区', 'District'],
  ['县', 'County'], ['旗', 'Banner'], ['路', 'Road'], ['街', 'Street'], ['巷', 'Lane'], ['镇', 'Town'], ['乡', 'Township'], ['村', 'Village'],
];

const GENERICS_IN_ENGLISH = new Map(GENERICS);

/** Levels that exist for administration only and stand in no address. */
const LEVELS_WITHOUT_NAME: Record<string, string> = {
  市辖区: 'Districts', 县: 'Counties', 省直辖县级行政区划: 'Counties under the Province', 自治区直辖县级行政区划: 'Counties under the Region',
};

/** Whether a division is only a level of administration (市辖区) that is left out of addresses. */
export function isLevelWithoutName(name: string): boolean {
  return name in LEVELS_WITHOUT_NAME;
}

/** A place name as its proper part and its generic ending (五华 + 区); either may be empty. */
export function splitPlaceName(name: string): { proper: string; generic: string } {
  const [generic = ''] = GENERICS.find(([ending]) => name.endsWith(ending) && name.length > ending.length) ?? [];
  return { proper: name.slice(0, name.length - generic.length), generic };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** Pinyin as one capitalised word, with an apostrophe before a syllable that begins with a vowel (西安 Xi'an). */
function inPinyin(text: string): string {
  const syllables = pinyin(text, { toneType: 'none', type: 'array', surname: 'off' });
  return capitalised(syllables.map((syllable, index) => (index > 0 && /^[aoe]/.test(syllable) ? `'${syllable}` : syllable)).join(''));
}

/** The English name of a division, e.g. 大理白族自治州 → Dali Bai Autonomous Prefecture. */
export function romanisePlace(name: string): string {
  const levelOnly = LEVELS_WITHOUT_NAME[name];
  if (levelOnly !== undefined) return levelOnly;
  const { generic, ...parts } = splitPlaceName(name);
  let { proper } = parts;
  const groups: string[] = [];
  for (let found = GROUP_AT_END.exec(proper); found !== null && found[1] !== ''; found = GROUP_AT_END.exec(proper)) {
    groups.unshift(GROUPS[found[2]!]!);
    proper = found[1]!;
  }
  return [ESTABLISHED[proper] ?? inPinyin(proper), ...groups, GENERICS_IN_ENGLISH.get(generic) ?? ''].filter((word) => word !== '').join(' ');
}

/** The proper part of a place in English: 昆明市 → Kunming. */
function properPart(place: string): string {
  return romanisePlace(place).replace(/ (City|District)$/, '');
}

/**
 * The English name of a public-security organ named in the usual way.
 * 昆明市公安局五华分局大观派出所 → Daguan Police Station, Wuhua Branch, Kunming Public Security Bureau
 */
export function romaniseOrganisation(name: string): string {
  const [, place, organ, branch, station] = /^(.+?)(公安厅|公安局)(?:(.+)分局)?(?:(.+)派出所)?$/u.exec(name) ?? [];
  if (place === undefined) return inPinyin(name);
  const bureau = organ === '公安厅' ? 'Public Security Department' : 'Public Security Bureau';
  return [
    station === undefined ? '' : `${properPart(station)} Police Station`,
    branch === undefined ? '' : `${properPart(branch)} Branch`,
    `${properPart(place)} ${bureau}`,
  ].filter((part) => part !== '').join(', ');
}
