/** The counties of this bureau under their prefectures, for the first step of choosing an address. */
import { Refusal, type Context } from '../../kernel/index.ts';
import { getBureau, listAreaChildren } from '../reference/index.ts';

export type Counties = readonly { prefecture: string; counties: readonly { code: string; name: string }[] }[];

const rememberedMs = 3_600_000;
let remembered: { province_code: string; at: number; counties: Counties } | undefined;

/** Divisions change with the year, not with the request: read again after an hour. */
export async function listCounties(context: Context): Promise<Counties> {
  const { province_code } = await getBureau(context);
  if (remembered !== undefined && remembered.province_code === province_code && context.now.getTime() - remembered.at < rememberedMs && context.now.getTime() >= remembered.at) return remembered.counties;
  const prefectures = (await listAreaChildren(context, { parent_code: province_code })).areas;
  const counties: { prefecture: string; counties: { code: string; name: string }[] }[] = [];
  for (const { code, name } of prefectures) {
    const { areas } = await listAreaChildren(context, { parent_code: code });
    counties.push({ prefecture: name, counties: areas.map((area) => ({ code: area.code, name: area.name })) });
  }
  if (counties.length === 0) throw new Refusal('reference.not_loaded');
  remembered = { province_code, at: context.now.getTime(), counties };
  return counties;
}
