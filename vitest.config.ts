import { defineConfig } from 'vitest/config';

const together = { isolate: false, fileParallelism: true, testTimeout: 120_000, hookTimeout: 300_000, maxWorkers: 2 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'huzheng',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'web/**/*.test.ts?(x)'],
          exclude: ['test/faults/**', 'test/browser/**', 'node_modules/**'],
          globalSetup: ['test/harness/cluster.ts'],
          env: { HUZHENG_LOG: 'off' },
          ...together,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/harness/cluster.ts'],
          env: { HUZHENG_LOG: 'off' },
          ...together,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // After the others: projects with different numbers of workers can't share a turn.
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          globalSetup: ['test/faults/parts/template-directory.ts'],
          env: { HUZHENG_LOG: 'off' },
          fileParallelism: false,
          testTimeout: 1_200_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
