// One's own account: another e-mail address by two letters, and preferences that go along.
import { newcomer, registerAndVerify, test } from '../../support/letters.js';
import { expect, heading, signIn } from '../../support/test.js';

test('u7 changes the e-mail address by the letters at both addresses', { tag: '@both-engines' }, async ({ page, linkTo }) => {
  const nora = newcomer();
  const next = `new-${nora.email}`;
  await registerAndVerify(page, linkTo, nora);
  await signIn(page, nora);
  await page.goto('/account');
  await page.getByRole('link', { name: 'Change it…' }).press('Enter');
  await expect(heading(page)).toContainText('E-mail address');
  await page.getByLabel('New e-mail address').fill('nobody');
  await page.getByLabel('New e-mail address').press('Enter');
  await expect(page.getByLabel('New e-mail address')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('New e-mail address').fill(next);
  await page.getByLabel('New e-mail address').press('Enter');
  await expect(page).toHaveURL('/account');
  await expect(page.getByText('Your address is about to change')).toBeVisible();

  await page.goto(await linkTo(nora.email, '/approve-email'));
  await expect(page.getByText(next)).toBeVisible();
  await page.getByRole('button', { name: 'Approve the change' }).press('Enter');
  await expect(page.getByText('The address changes when it is confirmed in the other letter as well.')).toBeVisible();
  await page.goto(await linkTo(next, '/confirm-email'));
  await page.getByRole('button', { name: 'Confirm this address' }).press('Enter');
  await expect(page.getByText('The e-mail address is changed.')).toBeVisible();
  await page.goto('/account');
  await expect(page.getByRole('region', { name: 'Your e-mail address' })).toContainText(next);
  await expect(page.getByText('Your address is about to change')).toHaveCount(0);
});

test('u7 keeps theme and time zone with the account', { tag: '@both-engines' }, async ({ page, linkTo, browser, baseURL }) => {
  const nora = newcomer();
  await registerAndVerify(page, linkTo, nora);
  await signIn(page, nora);
  await page.goto('/account/preferences');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo');
  await page.getByRole('button', { name: 'Save preferences' }).press('Enter');
  await expect(page.getByText('Your preferences are saved.')).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(page.locator('[data-now]')).toContainText('JST');

  // On another device it is the same, also on the sign-in page afterwards.
  const elsewhere = await (await browser.newContext({ baseURL, colorScheme: 'light' })).newPage();
  await elsewhere.goto('/login');
  await expect(elsewhere.locator('html')).not.toHaveAttribute('data-theme', 'dark');
  await signIn(elsewhere, nora);
  await expect(elsewhere.locator('html')).toHaveAttribute('data-theme', 'dark');
  await elsewhere.context().close();
});
