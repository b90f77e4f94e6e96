// Signing in with a provider on another site, there and back, with scripts and without.
import { expectAccessible } from '../../support/axe.js';
import { newcomer, registerAndVerify, test } from '../../support/letters.js';
import { admin, expect, greeting, heading, member, signIn, signOut } from '../../support/test.js';

const button = (page) => page.getByRole('link', { name: 'Continue with Acme' });

/** Signs in on the provider's own page. */
async function signInThere(page, { username, email = `${username}@countersign.example` }) {
  await expect(page).toHaveURL(/^http:\/\/localhost:/);
  await page.getByLabel('E-mail at Acme').fill(email);
  await page.getByRole('button', { name: 'Sign in at Acme' }).click();
}

test('signs in with a provider and stays signed in', { tag: '@both-engines' }, async ({ page, context }) => {
  await page.goto('/login');
  await button(page).click();
  await signInThere(page, admin);
  await expect(page).toHaveURL('/');
  await expect(greeting(page, `${admin.firstName}!`)).toBeVisible();

  // The strict cookie was set on the way back from another site, and is sent from the first page on.
  const session = (await context.cookies()).find(({ name }) => name === 'session_token');
  expect(session).toMatchObject({ sameSite: 'Strict', httpOnly: true, path: '/' });
  await page.reload();
  await expect(greeting(page, `${admin.firstName}!`)).toBeVisible();

  await signOut(page);
  await expect(heading(page)).toHaveText('Sign in');
});

test('comes to the page that was asked for first', async ({ page }) => {
  await page.goto('/people');
  await expect(page).toHaveURL('/login?next=%2Fpeople');
  await button(page).click();
  await signInThere(page, admin);
  await expect(page).toHaveURL('/people');
  await expect(page.getByText(`Welcome back, ${admin.firstName}!`)).toBeVisible();
});

test('is told what was wrong, and can still use a password', async ({ page }) => {
  await page.goto('/login');
  await button(page).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('Acme did not sign you in. You can try again, or sign in another way.')).toBeVisible();

  await button(page).click();
  await signInThere(page, { username: 'nobody' });
  await expect(page).toHaveURL('/login');
  await expect(page.getByText('No account here has the e-mail address that Acme gave.')).toBeVisible();
  await expect(page.getByLabel('Username or email')).toBeVisible();
});

test('an answer is good in the browser that asked alone, and once', async ({ page, browser, baseURL }) => {
  await page.goto('/login');
  await button(page).click();
  let answer;
  page.on('request', (request) => {
    if (request.url().includes('/callback?')) answer = request.url();
  });
  await signInThere(page, member);
  await expect(greeting(page, `${member.firstName}!`)).toBeVisible();

  const other = await browser.newContext({ baseURL });
  const elsewhere = await other.newPage();
  await elsewhere.goto(answer);
  await expect(elsewhere).toHaveURL('/login');
  await expect(elsewhere.getByText('began in another browser')).toBeVisible();
  await other.close();

  await page.goto(answer);
  await expect(page).toHaveURL('/');
});

test('a12 disconnects a provider, after being asked', { tag: '@both-engines' }, async ({ page, linkTo, javaScriptEnabled }) => {
  const nora = newcomer();
  await registerAndVerify(page, linkTo, nora);
  await page.goto('/login?next=%2Faccount%2Fpassword');
  await button(page).click();
  await signInThere(page, nora);
  await expect(page).toHaveURL('/account/password');
  const ways = page.getByRole('region', { name: 'Other ways to sign in' });
  await expect(ways.getByRole('listitem')).toContainText(['Acme']);
  if (javaScriptEnabled !== false) await expectAccessible(page);
  await ways.getByRole('button', { name: 'Disconnect… Acme' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  if (javaScriptEnabled !== false) await expectAccessible(page);
  await dialog.getByRole('button', { name: 'Keep it' }).press('Enter');
  await expect(dialog).toBeHidden();
  await ways.getByRole('button', { name: 'Disconnect… Acme' }).press('Enter');
  await dialog.getByRole('button', { name: 'Disconnect', exact: true }).press('Enter');
  await expect(page.getByText('Acme no longer signs you in here.')).toBeVisible();
  await expect(ways).toHaveCount(0);
  await signOut(page);
  await page.goto('/login');
  await signIn(page, nora);
  await expect(greeting(page, 'Nora!')).toBeVisible();
});
