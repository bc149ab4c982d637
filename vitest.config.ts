import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,compliance,flow,peers,fuzz}/**/*.test.ts'],
    // The machines that run this have two cores, and many tests start processes of their own.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
  },
});
