import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**', '.data/**'];

/** Three kinds of proof: pure rooms, rooms on a real PostgreSQL, whole-city journeys with a real server and browser. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: [
            'libs/**/*.test.ts',
            'contract/**/*.test.ts',
            'bench/**/*.test.ts',
            'city/**/*.test.ts',
            'web/**/*.test.{ts,tsx}',
          ],
          exclude,
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'server',
          include: ['server/**/*.test.ts'],
          exclude,
          globalSetup: ['server/test/database-setup.ts'],
          setupFiles: ['server/test/pepper-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: ['journeys/**/*.test.ts'],
          exclude,
          testTimeout: 180_000,
          hookTimeout: 240_000,
          fileParallelism: false,
          globalSetup: ['server/test/database-setup.ts'],
          setupFiles: ['server/test/pepper-setup.ts'],
        },
      },
    ],
    maxWorkers: 2,
  },
});
