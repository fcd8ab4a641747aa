import { defineConfig } from 'vitest/config';

// One test file at a time in two processes: the tests share two cores with the inference children they start.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['packages/server/{src,test}/**/*.test.ts'],
          globalSetup: ['packages/server/test/postgres.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['packages/{contract,engine,sdk,cli,web}/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
        },
      },
    ],
  },
});
