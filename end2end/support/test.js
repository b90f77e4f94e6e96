// What the journeys stand on: `test` whose pages are watched, and the steps that many journeys share.
import { test as base, expect } from '@playwright/test';
import { admin, member, root } from './accounts.js';
import { watch } from './watch.js';

export { admin, expect, member, root };

export const test = base.extend({
  // Every page of every journey is watched, and a journey that was otherwise fine fails for what was seen.
  page: async ({ page, javaScriptEnabled }, use) => {
    const troubles = watch(page, { scripts: javaScriptEnabled !== false });
    await use(page);
    expect(troubles.join('\n'), 'what went wrong on the way').toBe('');
  },

  // Signs an account in without the form: once for each worker by the form, afterwards by the cookies of then.
  arriveAs: async ({ page, signedIn }, use) => {
    await use(async (account, path = '/') => {
      await page.context().addCookies(await signedIn(account));
      await page.goto(path);
    });
  },

  signedIn: [
    async ({ browser }, use, worker) => {
      const known = new Map();
      await use(async (account) => {
        if (!known.has(account.username)) {
          const context = await browser.newContext({ baseURL: worker.project.use.baseURL });
          const page = await context.newPage();
          await page.goto('/login');
          await signIn(page, account);
          await expect(greeting(page)).toBeVisible();
          known.set(account.username, await context.cookies());
          await context.close();
        }
        return known.get(account.username);
      });
    },
    { scope: 'worker' },
  ],
});

/** Fills in and sends the sign-in form on the page. */
export async function signIn(page, account, { remember = false } = {}) {
  await page.getByLabel('Username or email').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  if (remember) await page.getByLabel('Remember me').check();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The button that ends the session, and the one that opens its menu at this width. */
export async function accountMenu(page) {
  // A desk and a phone have a menu each; only one can be opened.
  for (const menu of await page.locator('[popover]').filter({ hasText: 'Sign out' }).all()) {
    const opener = page.locator(`[popovertarget="${await menu.getAttribute('id')}"]`).filter({ visible: true });
    if (await opener.count()) return { opener: opener.first(), signOut: menu.getByRole('button', { name: 'Sign out' }) };
  }
  throw new Error(`No button opens a menu to sign out on ${page.url()}`);
}

/** Ends the session. */
export async function signOut(page) {
  const { opener, signOut: button } = await accountMenu(page);
  await opener.click();
  // By key: a menu that is still opening cannot be hit with a pointer on a busy machine.
  await button.press('Enter');
}

/** The sentence that welcomes the person on the dashboard. */
export const greeting = (page, firstName = '') => page.getByRole('heading', { name: `Welcome back, ${firstName}` });

export const heading = (page) => page.getByRole('heading', { level: 1 });
