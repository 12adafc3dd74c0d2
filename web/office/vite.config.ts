import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  resolve: { alias: { typebox: join(import.meta.dirname, '../kit/no-schemas.ts') } },
  build: {
    outDir: join(import.meta.dirname, '../../build/office'),
    emptyOutDir: true,
    // Station computers run Chinese browsers on Chromium kernels some years old.
    target: 'chrome80',
    cssTarget: 'chrome80',
    // The content policy allows files of our own alone: nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
