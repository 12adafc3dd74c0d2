/**
 * `npm run huzheng -- catalogue check | diff <old> <new> | replay <new>`: the catalogue before it is put into service.
 * Directories are laid out like catalogue/.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type pg from 'pg';
import type { Text } from '../kernel/index.ts';
import { clashingServices, readRoles, rightsOf, roleDirectory, type Role } from '../modules/accounts/index.ts';
import { sources } from '../modules/agencies/index.ts';
import { effects, listPastCases, rightOfAct, rules } from '../modules/cases/index.ts';
import {
  catalogue, catalogueChanges, catalogueDirectory, checkCatalogue, loadCatalogue, readRawCatalogue, replayCase, type Catalogue, type Difference, type Finding, type RoleOnRoute, type Surroundings,
} from '../modules/catalogue/index.ts';
import { paperKindNames } from '../modules/documents/index.ts';

type WithOwner = (work: (owner: pg.Pool) => Promise<void>) => Promise<void>;

/** Cases a replay looks at unless told otherwise; the newest. */
const replayedMax = 10_000;
/** Papers made elsewhere: cards by the factory, the permit on its card. */
const madeElsewhere = ['id_card', 'residence_permit'];
const ownModules = ['population', 'permits', 'cards'];

/** What the rest of the system has for the names of a catalogue. @param directory whose roles are meant; those of the installation where it has none */
export function surroundingsOf(directory: string = catalogueDirectory): Surroundings {
  const own = join(directory, 'roles');
  const roles: Role[] = readRoles(existsSync(own) ? own : roleDirectory);
  const byName = new Map(roles.map((role) => [role.role, role]));
  return {
    rules: new Set(Object.keys(rules)), effects: new Set(Object.keys(effects)), sources: new Set([...Object.keys(sources), ...ownModules]), papers: new Set([...paperKindNames, ...madeElsewhere]),
    roles, right_of_act: rightOfAct,
    // Accounts refuses whoever would join entry and approval of a service, with a post as with the cover of one.
    may_meet: (one: RoleOnRoute, other: RoleOnRoute) => {
      if (one.duty !== other.duty || !one.kinds.some((kind) => other.kinds.includes(kind))) return false;
      const [a, b] = [byName.get(one.role)!, byName.get(other.role)!];
      return clashingServices(rightsOf(a), rightsOf(b)).length === 0;
    },
  };
}

const say = (text: Text): string => `${text.zh}\n    ${text.en}`;

function check(directory: string): number {
  const findings = checkCatalogue(readRawCatalogue(directory), surroundingsOf(directory));
  const print = (severity: Finding['severity'], mark: string): void => {
    for (const finding of findings.filter((one) => one.severity === severity)) console.log(`${mark} ${finding.where} [${finding.code}] ${say(finding)}`);
  };
  print('note', '·');
  print('fault', '✗');
  const faults = findings.filter(({ severity }) => severity === 'fault').length;
  console.log(faults === 0 ? `目录没有问题(提示 ${findings.length} 条) · the catalogue is in order (${findings.length} notes)` : `${faults} 处问题 · ${faults} faults`);
  return faults;
}

function diff(was: Catalogue, is: Catalogue): void {
  const changes = catalogueChanges(was, is);
  if (changes.length === 0) console.log('没有变化 · nothing has changed');
  for (const { service_code, name, changes: texts } of changes) {
    console.log(`${service_code} ${name.zh} · ${name.en}`);
    for (const text of texts) console.log(`  - ${say(text)}`);
  }
}

const shownOfAService = 5;

async function replay(owner: pg.Pool, is: Catalogue): Promise<void> {
  const was = catalogue();
  const past = await listPastCases(owner, replayedMax);
  const found = past.flatMap((one) => {
    const differences = replayCase(one, was, is);
    return differences.length === 0 ? [] : [{ past: one, differences }];
  });
  const certain = found.filter(({ differences }) => differences.some((one) => one.certain)).length;
  console.log(`${past.length} 件已结办件,其中 ${certain} 件会不同,${found.length - certain} 件要看当时没有留下的事实\n${past.length} ended cases: ${certain} would have gone otherwise, ${found.length - certain} depend on facts that were not kept\n`);
  for (const [code, ofService] of Map.groupBy(found, ({ past: { service_code } }) => service_code)) {
    console.log(`${code} ${was.services.get(code)!.name.zh} · ${was.services.get(code)!.name.en}:${ofService.length}`);
    for (const [kind, sentences] of countsOf(ofService.flatMap(({ differences }) => differences))) for (const [text, count] of sentences) console.log(`  ${count} × [${kind}] ${text}`);
    for (const { past: { case_no, submitted_on } } of ofService.slice(0, shownOfAService)) console.log(`    ${case_no} ${submitted_on}`);
    if (ofService.length > shownOfAService) console.log(`    … ${ofService.length - shownOfAService}`);
  }
}

/** How often each sentence stands there, by kind. */
function countsOf(differences: readonly Difference[]): Map<string, [string, number][]> {
  const byKind = Map.groupBy(differences, ({ kind, certain }) => (certain ? kind : `${kind}?`));
  return new Map([...byKind].map(([kind, ones]) => [kind, [...Map.groupBy(ones, say)].map(([text, same]): [string, number] => [text, same.length]).sort((a, b) => b[1] - a[1])]));
}

/** @throws Error with the usage when the words say nothing that can be done */
export async function catalogueCommand(words: readonly string[], withOwner: WithOwner): Promise<void> {
  const [act, ...paths] = words.filter((word) => !word.startsWith('--'));
  const directories = paths.map((path) => resolve(path));
  for (const directory of directories) if (!existsSync(join(directory, 'services'))) throw new Error(`${directory} 不是事项目录(没有 services 文件夹) · ${directory} is no catalogue: it has no folder services`);
  if (act === 'check' && directories.length <= 1) {
    if (check(directories[0] ?? catalogueDirectory) > 0) process.exitCode = 1;
  } else if (act === 'diff' && directories.length === 2) diff(loadCatalogue(directories[0]), loadCatalogue(directories[1]));
  else if (act === 'replay' && directories.length === 1) await withOwner((owner) => replay(owner, loadCatalogue(directories[0])));
  else throw new Error('用法 · usage: npm run huzheng -- catalogue check [目录] | diff <旧目录> <新目录> | replay <新目录>');
}
