// By mail: registering, verifying an address, a forgotten password, an invitation; with scripts and without, by hand and by keyboard alone.
import { expectAccessible } from '../../support/axe.js';
import { press, type } from '../../support/keyboard.js';
import { invite, newcomer, password, register, registerAndVerify, test } from '../../support/letters.js';
import { admin, expect, greeting, heading, signIn } from '../../support/test.js';

test('a10 registers, verifies the address and signs in', { tag: '@both-engines' }, async ({ page, linkTo }) => {
  const nora = newcomer();
  await page.goto('/login');
  await page.getByRole('link', { name: 'Create an account' }).click();
  await expect(page).toHaveURL('/register');
  await register(page, nora);

  await page.getByRole('link', { name: 'Back to sign in' }).click();
  await signIn(page, nora);
  await expect(page.getByText(`Please verify your email address. We've sent a new verification link to ${nora.email}.`)).toBeVisible();

  await page.goto(await linkTo(nora.email, '/verify-email', 2));
  await expect(page.getByText(`Somebody registered as ${nora.username}`)).toBeVisible();
  await page.getByRole('button', { name: 'Verify my address' }).click();
  await expect(page.getByText('Your e-mail address is verified.')).toBeVisible();
  await signIn(page, nora);
  await expect(greeting(page, 'Nora!')).toBeVisible();
});

test('a10 says what is wrong with a registration and keeps what was typed', { tag: '@both-engines' }, async ({ page }) => {
  await page.goto('/register');
  await page.getByLabel('Full name').fill('Nora Quist');
  await page.getByLabel('Username').fill(admin.username);
  await page.getByLabel('E-mail').fill('nora@example.com');
  await page.getByLabel('Date of birth').fill('1990-12-31');
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByText('Username already exists').first()).toBeVisible();
  await expect(page.getByLabel('Full name')).toHaveValue('Nora Quist');
  await expect(page.getByLabel('Date of birth')).toHaveValue('');
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue('');
});

test('auth_9b chooses a new password by a link, once', { tag: '@both-engines' }, async ({ page, linkTo }) => {
  const nora = newcomer();
  await registerAndVerify(page, linkTo, nora);
  await page.getByRole('link', { name: 'Forgot password?' }).click();
  await page.getByLabel('E-mail').fill(nora.email);
  await page.getByRole('button', { name: 'Send reset link' }).click();
  await expect(page.getByText('If that email exists, a reset link has been sent')).toBeVisible();

  const link = await linkTo(nora.email, '/reset-password');
  await page.goto(link);
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Change my password' }).click();
  await expect(page.getByText('Use at least 8 characters').first()).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill('a swim in the lake at dawn');
  await page.getByRole('button', { name: 'Change my password' }).click();
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('Your password was changed. Sign in with it.')).toBeVisible();

  await page.goto(link);
  await expect(heading(page)).toHaveText('This link no longer works');
  await page.getByRole('link', { name: 'Send me a new link' }).click();
  await expect(page).toHaveURL('/forgot-password');
  await page.goto('/login');
  await signIn(page, { ...nora, password: 'a swim in the lake at dawn' });
  await expect(greeting(page, 'Nora!')).toBeVisible();
});

test('a9 registers and verifies by keyboard alone', { tag: '@both-engines' }, async ({ page, linkTo }) => {
  const nora = newcomer();
  await page.goto('/register');
  await type(page, 'Full name', nora.full_name);
  await type(page, 'Username', nora.username);
  await type(page, 'E-mail', nora.email);
  await type(page, 'Password', nora.password);
  await type(page, 'Date of birth', '12311990');
  await page.keyboard.press('Enter');
  await expect(page.getByText(`We have sent a letter to ${nora.email}`)).toBeVisible();
  await page.goto(await linkTo(nora.email, '/verify-email'));
  await press(page, 'Verify my address');
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('Your e-mail address is verified.')).toBeVisible();
});

test('a9 accepts an invitation, once', { tag: '@both-engines' }, async ({ page, linkTo, javaScriptEnabled }) => {
  const nora = newcomer();
  invite(nora);
  const link = await linkTo(nora.email, '/accept-invitation');
  await page.goto(link);
  await expect(heading(page)).toHaveText('Welcome, Nora');
  await expect(page.getByText(`Your username is ${nora.username}`)).toBeVisible();
  if (javaScriptEnabled !== false) await expectAccessible(page);
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Take my account' }).click();
  await expect(page.getByText('Use at least 8 characters').first()).toBeVisible();
  if (javaScriptEnabled !== false) await expectAccessible(page);
  await page.getByLabel('New password', { exact: true }).fill(nora.password);
  await page.getByRole('button', { name: 'Take my account' }).click();
  await expect(page).toHaveURL('/login');
  await signIn(page, nora);
  await expect(greeting(page, 'Nora!')).toBeVisible();

  await page.context().clearCookies();
  await page.goto(link);
  await expect(heading(page)).toHaveText('This link no longer works');
  await expect(page.getByText('If you have accepted the invitation already, sign in.')).toBeVisible();
});

test('a9 accepts an invitation by keyboard alone', { tag: '@both-engines' }, async ({ page, linkTo }) => {
  const nora = newcomer();
  invite(nora);
  await page.goto(await linkTo(nora.email, '/accept-invitation'));
  await type(page, 'New password', nora.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/login');
  await type(page, 'Username or email', nora.username);
  await type(page, 'Password', nora.password);
  await page.keyboard.press('Enter');
  await expect(greeting(page, 'Nora!')).toBeVisible();
});

test('a6 a link on another site opens the page for who is signed in', { tag: '@both-engines' }, async ({ page, arriveAs, baseURL }) => {
  const html = `<!doctype html><title>Elsewhere</title><a href="${baseURL}/people?search=a">To the people</a>`;
  await page.route('http://elsewhere.test/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  const cookies = [];
  page.on('request', async (request) => {
    if (request.isNavigationRequest() && request.url().startsWith(baseURL)) {
      cookies.push((await request.allHeaders()).cookie?.includes('session_token=') ?? false);
    }
  });
  await arriveAs(admin, '/account');
  await page.goto('http://elsewhere.test/');
  cookies.length = 0;
  await page.getByRole('link', { name: 'To the people' }).click();
  await expect(page).toHaveURL('/people?search=a');
  await expect(heading(page)).toContainText('People');
  expect(cookies, 'once without the cookie, then with it').toEqual([false, true]);
});

test('a6 a link on another site leads to the sign-in page who is not signed in', { tag: '@both-engines' }, async ({ page, baseURL }) => {
  const html = `<!doctype html><title>Elsewhere</title><a href="${baseURL}/people">To the people</a>`;
  await page.route('http://elsewhere.test/', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('http://elsewhere.test/');
  await page.getByRole('link', { name: 'To the people' }).click();
  await expect(page).toHaveURL('/login?next=%2Fpeople');
});
