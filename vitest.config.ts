import { defineConfig } from 'vitest/config';

// One test file at a time in two processes: the tests share two cores with the inference children they start.
export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
