// From the sign-in page to sign-out, as anybody goes it: with scripts and without, at a desk and on a phone.
import { admin, expect, greeting, heading, member, signIn, signOut, test } from '../../support/test.js';

test('uc001_1_to_19_uc002_1_to_6 signs in, sees the dashboard and the people, signs out', { tag: '@both-engines' }, async ({ page }) => {
  await page.goto('/login');
  await signIn(page, admin);
  await expect(page).toHaveURL('/');
  await expect(greeting(page, `${admin.firstName}!`)).toBeVisible();

  await page.getByRole('link', { name: 'People' }).first().click();
  await expect(page).toHaveURL('/people');
  await expect(heading(page)).toContainText('People');

  await signOut(page);
  await expect(page).toHaveURL(/\/login/);
  await page.goto('/people');
  await expect(page).toHaveURL('/login?next=%2Fpeople');
});

test('uc001_3a_4a a wrong name or password is refused in words and keeps what was typed', { tag: '@both-engines' }, async ({ page }) => {
  await page.goto('/login');
  await signIn(page, { username: 'somebody.unknown', password: 'not the password' });
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByText('Incorrect email or password').first()).toBeVisible();
  await expect(page.getByLabel('Username or email')).toHaveValue('somebody.unknown');
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
});

test('signs in with the e-mail address', async ({ page }) => {
  await page.goto('/login');
  await signIn(page, { ...admin, username: `${admin.username}@countersign.example` });
  await expect(greeting(page, `${admin.firstName}!`)).toBeVisible();
});

test('arrives at the page first asked for', { tag: '@both-engines' }, async ({ page }) => {
  await page.goto('/people');
  await expect(page).toHaveURL('/login?next=%2Fpeople');
  await signIn(page, admin);
  await expect(page).toHaveURL('/people');
});

test('never leaves for a foreign address', async ({ page }) => {
  await page.goto('/login?next=%2F%2Fforeign.example%2F');
  await signIn(page, admin);
  await expect(page).toHaveURL('/');
});

test('uc001_7 an empty form says what is missing', async ({ page }) => {
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL(/\/login/);
  await expect(page.getByLabel('Username or email')).toHaveAttribute('aria-invalid', 'true');
});

test('stays signed in when asked to', async ({ page, context }) => {
  await page.goto('/login');
  await signIn(page, admin, { remember: true });
  await expect(page).toHaveURL('/');
  const month = Date.now() / 1000 + 29 * 24 * 3600;
  const session = (await context.cookies()).find(({ name }) => name === 'session_token');
  expect(session?.expires).toBeGreaterThan(month);
  expect(session?.httpOnly).toBe(true);
});

test('uc007_6a_uc008_4a a member is told what needs an admin', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(member);
  await expect(greeting(page, `${member.firstName}!`)).toBeVisible();
  await expect(page.getByRole('link', { name: 'People' })).toHaveCount(0);
  const answer = await page.goto('/people');
  expect(answer.status()).toBe(403);
  await expect(page.getByText('Access denied - Admin privileges required')).toBeVisible();
});
