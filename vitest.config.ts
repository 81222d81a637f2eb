import { defineConfig } from 'vitest/config';
import { PoliciesLast } from './test/support/last-file.ts';

/** End-to-end tests that need minutes by themselves, and the one that needs all of them: `npm run test:operations`. */
const operations = ['observability', 'operator-controls', 'policies'].map((name) => `test/e2e/${name}.test.ts`);

export default defineConfig({
  test: {
    sequence: { sequencer: PoliciesLast },
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: { name: 'template', include: ['test/template/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: 'store',
          include: ['test/store/**/*.test.ts'],
          globalSetup: ['test/store/support/global-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'parity',
          include: ['test/parity/**/*.test.ts'],
          globalSetup: ['test/parity/support/global-setup.ts'],
          // The index holds one data set at a time.
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // It breaks the stores, so it has an environment of its own.
          exclude: ['test/e2e/faults.test.ts', ...operations],
          globalSetup: ['test/e2e/support/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'operations',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/faults.test.ts'],
          globalSetup: ['test/e2e/support/global-setup.ts'],
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'faults',
          include: ['test/e2e/faults.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});
