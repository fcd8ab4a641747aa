import { defineConfig } from 'vitest/config';

/** Tests of the whole that need the run's PostgreSQL. */
const WITH_DATABASE = [
  'packages/sdk/test/*.test.ts',
  'packages/cli/test/remote.test.ts',
  'test/partner-*.test.ts',
  'test/docs.test.ts',
  'test/readme.test.ts',
];

// One test file at a time in two processes: the tests share two cores with the inference children they start.
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default', './test/stuck.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'server',
          include: ['packages/server/{src,test}/**/*.test.ts', ...WITH_DATABASE],
          globalSetup: ['packages/server/test/postgres.setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'rest',
          include: ['packages/{contract,engine,sdk,cli,web}/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: WITH_DATABASE,
        },
      },
    ],
  },
});
