import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  reporter: "line",
  timeout: 60_000,
  // A shared machine of two cores runs browser, API, worker and PostgreSQL at once.
  expect: { timeout: 10_000 },
  use: {
    baseURL: process.env.VUORO_URL ?? "http://127.0.0.1:8000",
    serviceWorkers: "block",
    launchOptions: {
      // Debian's Chromium: Playwright's own download is not needed.
      executablePath: process.env.VUORO_CHROMIUM || "/usr/bin/chromium",
      args: [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
