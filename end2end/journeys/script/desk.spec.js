// What only a desk offers: sorting by column heads, and every journey by keyboard alone.
import { accountMenu, admin, expect, greeting, test } from '../../support/test.js';

test('uc008_9_sr032 sorts by a column head', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  const head = page.getByRole('columnheader').filter({ has: page.getByRole('link') }).first();
  await head.getByRole('link').click();
  await expect(page).toHaveURL(/sort=/);
  await expect(page.getByRole('columnheader', { name: await head.innerText() }).first()).toHaveAttribute(
    'aria-sort',
    /ascending|descending/,
  );
});

/** Presses Tab until the wanted element has the focus, as somebody without a mouse does. */
async function tabTo(page, wanted, presses = 60) {
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluateAll((elements) => elements.includes(document.activeElement))) return;
  }
  throw new Error(`Tab never reached ${wanted}`);
}

test('signs in, looks at people and signs out by keyboard alone', async ({ page }) => {
  await page.goto('/login');
  await tabTo(page, page.getByLabel('Username or email'));
  await page.keyboard.type(admin.username);
  await tabTo(page, page.getByLabel('Password', { exact: true }));
  await page.keyboard.type(admin.password);
  await page.keyboard.press('Enter');
  await expect(greeting(page, `${admin.firstName}!`)).toBeVisible();

  await tabTo(page, page.getByRole('link', { name: 'People' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/people');
  await tabTo(page, page.getByLabel('Search people'));
  await page.keyboard.type(admin.username);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/search=/);
  await page.waitForLoadState();
  await tabTo(page, page.locator('main a[href^="/people/"]'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/people\/.+/);

  await page.goto('/account');
  const { opener, signOut } = await accountMenu(page);
  await tabTo(page, opener);
  await page.keyboard.press('Enter');
  await tabTo(page, signOut);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/login/);
});

test('the first Tab offers to skip to the content', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText(/skip to/i);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement.closest('main') !== null)).toBe(true);
});
