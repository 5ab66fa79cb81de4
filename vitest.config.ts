import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // Longer than a browser waits for a step, so that what is told is the step.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // As long as a busy machine may take to get there; an expectation that holds is over at once.
    expect: { poll: { timeout: 15_000 } },
  },
});
