import { defineConfig } from "vitest/config";

/** Tests that start real servers or a browser; the rest are unit and golden tests. */
const INTEGRATION = "tests/**/*.integration.test.ts";
const DEPLOY = "tests/deploy/**/*.test.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/**/*.test.{ts,tsx}"],
          exclude: [INTEGRATION, DEPLOY, "tests/e2e/**"],
        },
      },
      {
        test: {
          name: "integration",
          include: [INTEGRATION],
          // Real servers on two cores.
          testTimeout: 60_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: { name: "deploy", include: [DEPLOY], testTimeout: 30_000, hookTimeout: 300_000 },
      },
    ],
  },
});
