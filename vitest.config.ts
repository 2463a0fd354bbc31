import { defineConfig } from 'vitest/config';

/** Two cores: a database, a lab or a real server beside each other make some first steps slow. */
const patience = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      // Needs nothing but loopback.
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/interop/**'], ...patience } },
      // Needs root and Debian packages; skips with the reason where something is missing, but never in CI.
      { test: { name: 'interop', include: ['test/interop/**/*.test.ts'], ...patience } },
    ],
  },
});
