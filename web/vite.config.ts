/** How the citizens' pages are built: one style sheet and one script with their hash in the name, and the pages as a module for the server. */
import { join } from 'node:path';
import type { InlineConfig } from 'vite';

const build = join(import.meta.dirname, '../build/portal');
const portal = join(import.meta.dirname, 'portal');

/** Phones of ten years ago, and browsers that stand on old Chromium kernels. */
const target = ['chrome80', 'safari14', 'firefox90'];

/** Files for browsers; `.vite/manifest.json` tells their names. */
export const assets: InlineConfig = {
  configFile: false, root: portal, logLevel: 'warn', publicDir: false,
  build: {
    outDir: join(build, 'assets'), emptyOutDir: true, assetsDir: '.', manifest: true, target, cssTarget: target, modulePreload: false, assetsInlineLimit: 0,
    rolldownOptions: { input: { script: join(portal, 'enhance.ts'), style: join(portal, 'styles.css') } },
  },
};

/** The pages; everything they need of packages is inside. */
export const pages: InlineConfig = {
  configFile: false, root: portal, logLevel: 'warn', publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  ssr: { noExternal: true, target: 'node' },
  build: { outDir: build, emptyOutDir: false, ssr: join(portal, 'server.tsx'), target: 'node22', minify: false, rolldownOptions: { output: { entryFileNames: 'server.js' } } },
};
