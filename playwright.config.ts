import { defineConfig } from "playwright/test";
import { launchOptions } from "./tests/helpers/browser.ts";

export default defineConfig({
  testDir: "tests/e2e",
  outputDir: "test-results",
  // One chain of servers and one browser at a time: times are measured, on two cores.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: "line",
  use: {
    browserName: "chromium",
    launchOptions,
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
