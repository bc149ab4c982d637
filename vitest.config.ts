import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,compliance,flow,peers,fuzz,window}/**/*.test.ts'],
    // The machines that run this have two cores; tests that start processes of their own wait for them a third of the time.
    maxWorkers: 3,
    // For the few that mostly wait for processes of theirs.
    maxConcurrency: 3,
    // The long figures (`npm run test:long`) take minutes a test.
    testTimeout: process.env.PC_AGENT_LONG === '1' ? 20 * 60_000 : 20_000,
    hookTimeout: 20_000,
    teardownTimeout: 5_000,
  },
});
