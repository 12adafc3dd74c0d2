import { expect, it } from 'vitest';
import { romaniseOrganisation, romanisePlace } from './romanise.ts';

it.each([
  ['云南省', 'Yunnan Province'],
  ['五华区', 'Wuhua District'],
  ['大理白族自治州', 'Dali Bai Autonomous Prefecture'],
  ['双江拉祜族佤族布朗族傣族自治县', 'Shuangjiang Lahu Va Blang Dai Autonomous County'],
  ['新疆维吾尔自治区', 'Xinjiang Uygur Autonomous Region'],
  ['西安市', "Xi'an City"],
  ['呼和浩特市', 'Hohhot City'],
  ['绿春县', 'Lüchun County'],
  ['云县', 'Yun County'],
  ['太邑彝族乡', 'Taiyi Yi Township'],
  ['翠湖社区', 'Cuihu Community'],
  ['市辖区', 'Districts'],
])('the division %s is %s in English', (name, english) => {
  expect(romanisePlace(name)).toBe(english);
});

it.each([
  ['云南省公安厅', 'Yunnan Province Public Security Department'],
  ['昆明市公安局', 'Kunming Public Security Bureau'],
  ['昆明市公安局五华分局', 'Wuhua Branch, Kunming Public Security Bureau'],
  ['昆明市公安局五华分局大观派出所', 'Daguan Police Station, Wuhua Branch, Kunming Public Security Bureau'],
  ['大理市公安局下关派出所', 'Xiaguan Police Station, Dali Public Security Bureau'],
  ['富民县公安局', 'Fumin County Public Security Bureau'],
])('the organ %s is %s in English', (name, english) => {
  expect(romaniseOrganisation(name)).toBe(english);
});
