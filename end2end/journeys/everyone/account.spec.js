// My account: every section, as anybody walks through it: with scripts and without, at a desk and on a phone.
import { randomBytes } from 'node:crypto';
import { named } from '../../support/accounts.js';
import { expect, greeting, heading, signIn, test } from '../../support/test.js';

// They change one account, so they are walked one after the other.
test.describe.configure({ mode: 'default' });

/** Each guise changes an account of its own, so that none is in the way of another. */
const own = (testInfo) => named({ 'at a desk': 'ben', 'on a phone': 'sofia', 'without JavaScript': 'amara' }[testInfo.project.name]);
const section = (page, name) => page.getByRole('navigation', { name: 'Sections of your account' }).getByRole('link', { name });

async function arrive(page, account, path) {
  await page.goto(`/login?next=${encodeURIComponent(path)}`);
  await signIn(page, account);
  await expect(page).toHaveURL(path);
}

test('walks through the sections', { tag: '@both-engines' }, async ({ page }, testInfo) => {
  await arrive(page, own(testInfo), '/account');
  for (const [name, path] of [
    ['Password', '/account/password'],
    ['Sessions', '/account/sessions'],
    ['API keys', '/account/api-keys'],
    ['Recent events', '/account/events'],
    ['Your data', '/account/data'],
  ]) {
    await section(page, name).click();
    await expect(page).toHaveURL(path);
    await expect(heading(page)).toContainText(name);
    await expect(section(page, name)).toHaveAttribute('aria-current', 'page');
    await expect(section(page, name)).toBeInViewport();
  }
});

test('changes the name, and is told when nothing changed', async ({ page }, testInfo) => {
  const account = own(testInfo);
  await arrive(page, account, '/account');
  const name = page.getByLabel('Full name');
  await page.getByRole('button', { name: 'Save name' }).click();
  await expect(page.getByRole('alert')).toContainText('No fields to update');
  await name.fill(' ');
  await name.press('Enter');
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  for (const full_name of [`${account.full_name} the Second`, account.full_name]) {
    await name.fill(full_name);
    await name.press('Enter');
    await expect(page.getByText('Your name is changed.')).toBeVisible();
    await expect(name).toHaveValue(full_name);
  }
});

test('changes the password and stays signed in, while others are signed out', async ({ page, browser, baseURL }, testInfo) => {
  const account = own(testInfo);
  const elsewhere = await (await browser.newContext({ baseURL })).newPage();
  await arrive(elsewhere, account, '/account');
  await arrive(page, account, '/account/password');
  const change = async (current, next) => {
    await page.getByLabel('Password you have now').fill(current);
    await page.getByLabel('New password').fill(next);
    await page.getByLabel('New password').press('Enter');
  };
  await change('not my password', 'a walk in the mountains');
  await expect(page.getByLabel('Password you have now')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toContainText('This is not your password');
  await change(account.password, 'a walk in the mountains');
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await elsewhere.goto('/account');
  await expect(elsewhere).toHaveURL('/login?next=%2Faccount');
  // Back again, for whoever comes next.
  await change('a walk in the mountains', account.password);
  await expect(page.getByText('Your password is changed.')).toBeVisible();
  await elsewhere.context().close();
});

test('ends the session of another device', { tag: '@both-engines' }, async ({ page, browser, baseURL }, testInfo) => {
  const device = `reader-${randomBytes(4).toString('hex')}`;
  const account = own(testInfo);
  const elsewhere = await (await browser.newContext({ baseURL, userAgent: `${device}/1.0` })).newPage();
  await arrive(elsewhere, account, '/account');
  await arrive(page, account, '/account/sessions');
  await expect(page.getByRole('listitem').filter({ hasText: 'This device' })).toHaveCount(1);
  const end = page.getByRole('button', { name: `End the session on ${device}` });
  await end.focus();
  await end.press('Enter');
  await expect(page.getByText('The session is ended.')).toBeVisible();
  await expect(end).toHaveCount(0);
  await elsewhere.goto('/account');
  await expect(elsewhere).toHaveURL('/login?next=%2Faccount');
  await elsewhere.context().close();
});

test('signs out everywhere, after being asked', async ({ page }, testInfo) => {
  await arrive(page, own(testInfo), '/account/sessions');
  await page.getByRole('button', { name: 'Sign out everywhere…' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  await dialog.getByRole('button', { name: 'Stay signed in' }).press('Enter');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Sign out everywhere…' }).press('Enter');
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).press('Enter');
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('You are signed out everywhere.')).toBeVisible();
});

test('makes a key, uses it, and revokes it', { tag: '@both-engines' }, async ({ page, playwright, baseURL }, testInfo) => {
  const name = `Journey ${randomBytes(4).toString('hex')}`;
  const account = own(testInfo);
  await arrive(page, account, '/account/api-keys');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('alert')).toContainText('Choose at least one permission');
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('checkbox', { name: 'See their own account' }).press('Space');
  await page.getByLabel('Expires').selectOption('After 7 days');
  await page.getByRole('button', { name: 'Make the key' }).press('Enter');
  const key = await page.locator('[data-new-key]').textContent();
  const program = await playwright.request.newContext({ baseURL, extraHTTPHeaders: { authorization: `Bearer ${key.trim()}` } });
  const me = await program.get('/api/v1/auth/me');
  expect((await me.json()).username).toBe(account.username);
  await page.goto('/account/api-keys');
  await expect(page.locator('[data-new-key]')).toHaveCount(0);
  await page.getByRole('button', { name: `Revoke… ${name}` }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke the key' }).press('Enter');
  await expect(page.getByText('The key is revoked.')).toBeVisible();
  expect((await program.get('/api/v1/auth/me')).status()).toBe(401);
  await program.dispose();
});

test('reads what happened, and what to do if it was somebody else', { tag: '@both-engines' }, async ({ page }, testInfo) => {
  await arrive(page, own(testInfo), '/account/events');
  await expect(page.getByText('You signed in').first()).toBeVisible();
  await page.getByRole('link', { name: 'Change password' }).click();
  await expect(page).toHaveURL('/account/password');
  await page.goto('/');
  await expect(greeting(page)).toBeVisible();
});
