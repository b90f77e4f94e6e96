// The theme switch of somebody who is signed in: what they choose goes with their account.
import { newcomer, registerAndVerify, test } from '../../support/letters.js';
import { accountMenu, expect, signIn } from '../../support/test.js';

test('u7 the switch in the menu is kept with the account', async ({ page, linkTo, browser, baseURL }) => {
  const nora = newcomer();
  await registerAndVerify(page, linkTo, nora);
  await signIn(page, nora);
  await expect(page).toHaveURL('/');
  const { opener } = await accountMenu(page);
  await opener.click();
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/do/save-theme'));
  await page.locator('[data-theme-choice="dark"]:visible').press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await kept;
  const elsewhere = await (await browser.newContext({ baseURL, colorScheme: 'light' })).newPage();
  await elsewhere.goto('/login');
  await signIn(elsewhere, nora);
  await expect(elsewhere.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(elsewhere.locator('[data-theme-choice="dark"]').first()).toHaveAttribute('aria-pressed', 'true');
  await elsewhere.goto('/account');
  await elsewhere.getByRole('link', { name: 'Preferences' }).click();
  await expect(elsewhere.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await elsewhere.context().close();
});
