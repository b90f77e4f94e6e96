// Pictures of pages at desk and phone width, light and dark: node screenshots.js FOLDER [/page …]
// Needs COUNTERSIGN_URL and COUNTERSIGN_DEMO_ACCOUNTS; `make screenshots` sets them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { admin } from './support/accounts.js';
import { browserOptions } from './support/browser.js';
import { signIn } from './support/test.js';

const [folder, ...asked] = process.argv.slice(2);
if (!folder) throw new Error('Usage: node screenshots.js FOLDER [/page …]');
const paths = asked.length > 0 ? asked : ['/login', '/', '/people', '/people?search=nobody-has-this-name', '/account', '/ui'];
const widths = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const fileName = (path) => path.replace(/^\//, '').replace(/[^a-z0-9]+/gi, '-').replace(/-$/, '') || 'dashboard';

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch(browserOptions());
try {
  for (const colorScheme of ['light', 'dark']) {
    for (const [width, viewport] of Object.entries(widths)) {
      const context = await browser.newContext({ baseURL: process.env.COUNTERSIGN_URL, viewport, colorScheme });
      const page = await context.newPage();
      let signedIn = false;
      for (const path of [...paths].sort((a, b) => Number(b === '/login') - Number(a === '/login'))) {
        if (path !== '/login' && !signedIn) {
          await page.goto('/login');
          await signIn(page, admin);
          await page.waitForURL('/');
          signedIn = true;
        }
        await page.goto(path);
        await page.waitForLoadState('networkidle');
        const file = join(folder, `${fileName(path)}-${width}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        console.log(file);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
