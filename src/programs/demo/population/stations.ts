import { readFileSync } from 'node:fs';

/** A police station that keeps a register, with what its addresses are made of. */
export type DemoStation = {
  /** Organisation code, 12 digits. */
  org_code: string;
  /** Division of the county, 6 digits. */
  county_code: string;
  /** Division of the township, 9 digits. */
  township_code: string;
  township_name: string;
  /** How every address of the station begins, province to township: 云南省昆明市五华区华山街道. */
  address: string;
  communities: readonly Community[];
};

/** A community (社区) or village (村): division of 12 digits and name. */
export type Community = { code: string; name: string };

type Organisation = { org_code: string; level: string; parent_code: string | null; area_codes: string[]; address: string };

/**
 * The stations of a bureau's catalogue, in its order. A station is in charge of townships, or of single communities,
 * which are then not the township station's.
 */
export function loadDemoStations(bureau = 'yunnan'): DemoStation[] {
  const folder = new URL(`../../../../catalogue/bureaus/${bureau}/`, import.meta.url);
  const { organisations } = JSON.parse(readFileSync(new URL('organisations.json', folder), 'utf8')) as { organisations: Organisation[] };
  const communities = readFileSync(new URL('communities.csv', folder), 'utf8')
    .trim().split('\n').slice(1)
    .map((line) => line.trim().split(',') as [string, string]);
  const byCode = new Map(organisations.map((organisation) => [organisation.org_code, organisation]));
  const stations = organisations.filter(({ level }) => level === 'STATION');
  const takenSingly = new Set(stations.flatMap(({ area_codes }) => area_codes).filter((code) => code.length === 12));

  return stations.map(({ org_code, parent_code, area_codes, address }) => {
    const county = byCode.get(parent_code ?? '');
    const firstArea = area_codes[0];
    if (county === undefined || firstArea === undefined) throw new Error(`station ${org_code} lacks its county or its area`);
    return {
      org_code,
      county_code: firstArea.slice(0, 6),
      township_code: firstArea.slice(0, 9),
      township_name: address.slice(county.address.length),
      address,
      communities: communities
        .filter(([code]) => area_codes.includes(code) || (area_codes.includes(code.slice(0, 9)) && !takenSingly.has(code)))
        .map(([code, name]) => ({ code, name })),
    };
  });
}
