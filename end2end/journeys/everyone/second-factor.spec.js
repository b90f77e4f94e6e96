// A second factor from its beginning to its end: set up, asked for at sign-in, removed. With scripts and without, at a desk and
// on a phone; each journey has an account of its own, since a factor changes how it signs in.
import { codeOf } from '../../support/authenticator.js';
import { expectAccessible } from '../../support/axe.js';
import { newcomer, registerAndVerify, test } from '../../support/letters.js';
import { withSecurityKey } from '../../support/security-key.js';
import { expect, greeting, heading, signIn, signOut } from '../../support/test.js';

test('sets an app up, signs in with a code, and removes it', { tag: '@both-engines' }, async ({
  page,
  linkTo,
  javaScriptEnabled,
}) => {
  const account = newcomer();
  await registerAndVerify(page, linkTo, account);
  const look = async () => javaScriptEnabled !== false && (await expectAccessible(page));
  await page.goto('/login');
  await signIn(page, account);
  await page.goto('/account');
  await page.getByRole('link', { name: 'Second factor' }).click();
  await expect(page.getByText('Your password is all that guards your account')).toBeVisible();
  await look();

  await page.getByRole('button', { name: 'Set up an app' }).click();
  await expect(heading(page)).toHaveText('Set up an authenticator app');
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  await look();
  await page.getByLabel('Code from your app').fill('000000');
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(page.getByText('Invalid verification code. Please try again.').first()).toBeVisible();
  await page.getByLabel('Code from your app').fill(codeOf(await page.locator('#secret').innerText()));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(heading(page)).toHaveText('Your recovery codes');
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  expect(codes).toHaveLength(10);
  await look();
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await expect(page.getByText('10 are left.')).toBeVisible();
  await look();

  await signOut(page);
  await page.goto('/account');
  await signIn(page, account);
  await expect(heading(page)).toHaveText('Confirm it is you');
  await expect(page.getByText('Enter the 6-digit code from your authenticator app.')).toBeVisible();
  await look();
  await page.getByLabel('Code from your app').fill('000000');
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('Invalid verification code. Please try again.').first()).toBeVisible();
  await look();
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[3].toUpperCase());
  await look();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page).toHaveURL('/account');
  await expect(page.getByText(`Welcome back, ${account.firstName}!`)).toBeVisible();

  await page.goto('/account/second-factor');
  await expect(page.getByText('9 are left.')).toBeVisible();
  await page.getByText('Remove…').click();
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('It is removed.')).toBeVisible();
  await signOut(page);
  await page.goto('/login');
  await signIn(page, account);
  await expect(greeting(page, `${account.firstName}!`)).toBeVisible();
});

test('the code is asked for after the password alone', { tag: '@both-engines' }, async ({ page }) => {
  await page.goto('/verify?next=%2Faccount');
  await expect(page).toHaveURL('/login?next=%2Faccount');
});

const passkeys = (page) => page.getByRole('region', { name: 'Passkeys' });

test('sets a passkey up, signs in with it in both ways, and removes it', { tag: '@both-engines' }, async ({
  page,
  linkTo,
  javaScriptEnabled,
}) => {
  const account = newcomer();
  await registerAndVerify(page, linkTo, account);
  const mine = passkeys(page);
  await page.goto('/login');
  await signIn(page, account);
  await page.goto('/account/second-factor');
  if (javaScriptEnabled === false) {
    // Playwright finds no words in a noscript, even where they are shown.
    const told = mine.locator('noscript p');
    await expect(told).toBeVisible();
    await expect(told).toContainText('Passkeys need JavaScript, which is off here.');
    await expect(mine.getByRole('button')).toHaveCount(0);
    await signOut(page);
    await page.goto('/login');
    await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
    return;
  }
  const key = await withSecurityKey(page);
  const begin = mine.getByRole('button', { name: 'Set up a passkey' });
  const trouble = mine.getByRole('alert');
  await begin.click();
  await expect(trouble).toHaveText('Give it a name, such as Laptop');
  await expectAccessible(page);
  await mine.getByLabel('Name', { exact: true }).fill('Laptop');
  await key.recognises(false);
  await begin.click();
  await expect(trouble).toHaveText('That was not finished. Try again, or choose another way.');
  await key.recognises(true);
  await begin.click();
  await expect(heading(page)).toHaveText('Your recovery codes');
  await page.getByRole('link', { name: 'I have kept them' }).click();
  await expect(mine.getByRole('listitem')).toContainText(['Laptop']);
  expect(await key.credentials()).toHaveLength(1);
  await mine.getByLabel('Name', { exact: true }).fill('Laptop again');
  await mine.getByRole('button', { name: 'Add another passkey' }).click();
  await expect(trouble).toHaveText('There is a passkey for you on this device or key already.');
  await mine.getByText('Rename or remove…').click();
  await expectAccessible(page);
  await mine.getByLabel('New name').fill('Work laptop');
  await mine.getByRole('button', { name: 'Rename it' }).click();
  await expect(mine.getByRole('listitem')).toContainText(['Work laptop']);

  await signOut(page);
  await page.goto('/login?next=%2Faccount');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL('/account');

  await signOut(page);
  await page.goto('/login');
  await signIn(page, account);
  await expect(heading(page)).toHaveText('Confirm it is you');
  await expectAccessible(page);
  await key.recognises(false);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toHaveText('That was not finished. Try again, or choose another way.');
  await key.recognises(true);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(greeting(page, `${account.firstName}!`)).toBeVisible();

  await page.goto('/account/second-factor');
  await expect(mine).toContainText('last used');
  await mine.getByText('Rename or remove…').click();
  await mine.getByRole('button', { name: 'Remove it' }).click();
  await expect(page.getByText('It is removed. You were signed out on other devices.')).toBeVisible();
  await expect(mine.getByRole('listitem')).toHaveCount(0);
  await signOut(page);
  await page.goto('/login');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByText('That passkey was not accepted.').first()).toBeVisible();
  await signIn(page, account);
  await expect(greeting(page, `${account.firstName}!`)).toBeVisible();
});

test('a browser that knows no passkeys is offered none', async ({ page }) => {
  await page.addInitScript(() => delete globalThis.PublicKeyCredential);
  await page.goto('/login', { waitUntil: 'networkidle' });
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
});
