// How the journeys are run: which browser, in which guises. `make test` starts the servers and sets COUNTERSIGN_URL.
import { defineConfig } from '@playwright/test';
import { browserOptions, desk, phone } from './support/browser.js';

// Journeys that anybody can make; with and without JavaScript, at a desk and on a phone.
const everyone = /journeys\/everyone\//;
// What scripts add: the command palette, live search.
const script = /journeys\/script\//;
// Every page on its own: accessibility, nothing sideways, what it loads.
const pages = /journeys\/pages\//;

export default defineConfig({
  testDir: './journeys',
  outputDir: './results',
  fullyParallel: true,
  workers: 2,
  // A machine that others keep busy may miss a moment once; whoever needed a second try is named in the summary.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['./support/reporter.js']],
  use: {
    baseURL: process.env.COUNTERSIGN_URL,
    launchOptions: browserOptions(),
    screenshot: 'only-on-failure',
    trace: process.env.CI ? 'off' : 'retain-on-failure',
  },
  projects: [
    { name: 'at a desk', testMatch: [everyone, script, pages], use: desk },
    { name: 'on a phone', testMatch: [everyone, pages], use: phone },
    { name: 'in the dark', testMatch: [pages], use: { ...desk, colorScheme: 'dark' } },
    {
      name: 'without JavaScript',
      testMatch: [everyone],
      use: {
        ...desk,
        javaScriptEnabled: false,
        // The quiet way is tried as well.
        contextOptions: { reducedMotion: 'reduce' },
      },
    },
  ],
});
