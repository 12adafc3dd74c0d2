import type { DemoStation } from './stations.ts';

const station = (org_code: string, township_code: string, county: string, township_name: string, communities: string[]): DemoStation => ({
  org_code,
  county_code: org_code.slice(0, 6),
  township_code,
  township_name,
  address: county + township_name,
  communities: communities.map((name, index) => ({ code: township_code + String(index + 1).padStart(3, '0'), name })),
});

/** Six stations in three counties and two prefectures, two of them in villages. */
export const stationsForTests: readonly DemoStation[] = [
  station('530102500000', '530102001', '云南省昆明市五华区', '华山街道', ['翠湖社区', '北门社区', '五华山社区']),
  station('530102530000', '530102004', '云南省昆明市五华区', '龙翔街道', ['学府社区', '虹山社区']),
  station('530111500000', '530111001', '云南省昆明市官渡区', '关上街道', ['关上社区', '国贸社区']),
  station('530111550000', '530111006', '云南省昆明市官渡区', '官渡街道', ['尚义社区', '西庄社区', '云溪村']),
  station('532901500000', '532901003', '云南省大理白族自治州大理市', '下关街道', ['龙溪社区', '文化社区']),
  station('532901550000', '532901104', '云南省大理白族自治州大理市', '喜洲镇', ['庆洞村', '周城村', '桃源村']),
];
