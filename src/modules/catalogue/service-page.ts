/** Every item on one page for readers of the code: made from the files, so that it says what they say. */
import { topLevelEntries, withPolicy, type BureauPolicy } from './bureau-policy.ts';
import { changesOf } from './changes.ts';
import { guideOf } from './guide.ts';
import type { Catalogue } from './load.ts';
import type { RouteStep, Service } from './service.ts';
import { categoryWords } from './words.ts';

const both = ({ zh, en }: { zh: string; en: string }): string => `${zh} · ${en}`;

function routeLines(route: readonly RouteStep[]): string[] {
  return route.map(({ step, act, role, level, at, limit_working_minutes, label }) => `${step}. ${both(label)} — \`${act}\` \`${role}\` ${level} ${at}, ${limit_working_minutes} min`);
}

function sectionOf(service: Service, catalogue: Catalogue): string {
  const guide = guideOf(service, catalogue);
  const lines = [
    `### ${service.code} ${both(service.name)}`, '', both(service.summary), '',
    `- ${both({ zh: '谁办', en: 'who' })}: ${service.applicants.map((name) => `\`${name}\``).join(', ')}; ${both({ zh: '渠道', en: 'channels' })}: ${service.channels.map((name) => `\`${name}\``).join(', ')}; ${both({ zh: '到场', en: 'presence' })}: ${service.presence}`,
    `- ${both(guide.promised)}; ${both(guide.statutory)}; ${both(guide.fee)}; ${service.sensitivity}${service.biometric ? `; ${both({ zh: '须人像指纹比对', en: 'comparison of portrait and fingerprints' })}` : ''}`,
    `- ${both({ zh: '登记效果', en: 'effect' })}: \`${service.effect}\`; ${both({ zh: '审查', en: 'examined' })}: ${service.preconditions.map(({ rule }) => `\`${rule}\``).join(', ')}`,
    `- ${both({ zh: '材料', en: 'papers asked' })}: ${guide.papers.map((paper) => `${paper.code} ${paper.name.zh}${paper.when === null ? (paper.optional ? '(可不交)' : '') : `(${paper.when.zh})`}`).join('、') || '—'}`,
    `- ${both({ zh: '发给', en: 'issued' })}: ${guide.issued.map(({ zh }) => zh).join('、')}`, '',
    ...routeLines(service.route),
    ...(service.alternative === undefined ? [] : ['', `${both({ zh: '另行流程,条件', en: 'Alternative route while' })} \`${service.alternative.when}\`:`, '', ...routeLines(service.alternative.route)]),
    ...(service.top_level === undefined ? [] : ['', `${both({ zh: '顶级受理', en: 'Top-level route' })}:`, '', ...routeLines(service.top_level)]),
    '', ...service.law.map((law) => `> ${law.zh}`),
  ];
  return lines.join('\n');
}

/** What each bureau decided for itself, as its changes say on the day each begins. */
function policyLines(policy: BureauPolicy, catalogue: Catalogue): string[] {
  const changes = policy.changes.flatMap((change) => [...catalogue.services.values()].flatMap((service) => {
    const texts = changesOf(service, withPolicy(service, { ...policy, changes: [change] }, change.valid_from), catalogue, catalogue);
    return texts.length === 0 ? [] : [`  - ${change.valid_from} ${service.code} ${service.name.zh}: ${texts.map(({ zh }) => zh).join(';')}`];
  }));
  const top = [...new Set(policy.top_level.map(({ valid_from }) => valid_from))].map((day) => `  - ${day} ${both({ zh: '顶级受理', en: 'top-level acceptance' })}: ${topLevelEntries(policy.bureau, day).join(', ')}`);
  return [`- **${policy.bureau}** ${both(policy)}`, ...top, ...changes];
}

/** @returns Markdown with a table of all items, then each item, then the policies of the bureaus */
export function servicesPage(catalogue: Catalogue, policies: readonly BureauPolicy[]): string {
  const services = [...catalogue.services.values()];
  const table = services.map(({ code, name, sensitivity, effect, limits, channels }) => `| ${code} | ${both(name)} | ${channels.join(', ')} | ${sensitivity} | ${limits.promised_working_days} | \`${effect}\` |`);
  const categories = Map.groupBy(services, ({ category }) => category);
  const parts = [...categories].map(([category, ones]) => `## ${category} ${both(categoryWords[category]!)}\n\n${ones.map((service) => sectionOf(service, catalogue)).join('\n\n')}`);
  return [
    '# 事项 Service items', '', '| code | name | channels | class | promised (working days) | effect |', '|---|---|---|---|---|---|', ...table, '',
    ...parts, '', '## 各地政策 Policies of the bureaus', '', ...policies.flatMap((policy) => policyLines(policy, catalogue)), '',
  ].join('\n');
}
