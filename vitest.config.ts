import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Two cores: a database, a lab or a real server beside each other make some first steps slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
