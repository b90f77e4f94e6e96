// Passkeys, with the authenticator that Chromium makes believe: set up, used alone and after the password, removed.
import { byRole } from '../../support/accounts.js';
import { withAuthenticator } from '../../support/security-key.js';
import { expectAccessible } from '../../support/axe.js';
import { desk, phone } from '../../support/browser.js';
import { expect, greeting, heading, signIn, signOut, test } from '../../support/test.js';

const ownFactors = '/account/second-factor';
const passkeys = (page) => page.getByRole('region', { name: 'Passkeys' });

// An account for each guise: whoever has a passkey is asked for it everywhere.
for (const [guise, use, account] of [
  ['at a desk', desk, byRole('CSR_REP')],
  ['on a phone', phone, byRole('PLATFORM_MGMT')],
]) {
  test.describe(guise, () => {
    const { isMobile, hasTouch, viewport, deviceScaleFactor, colorScheme } = use;
    test.use({ viewport, colorScheme, ...(isMobile && { isMobile, hasTouch, deviceScaleFactor }) });

    test('sets a passkey up, signs in with it in both ways, and removes it', { tag: '@both-engines' }, async ({ page }) => {
      const device = await withAuthenticator(page);
      await page.goto('/login');
      await signIn(page, account);
      await expect(greeting(page)).toBeVisible();

      await page.goto(ownFactors);
      await expectAccessible(page);
      const mine = passkeys(page);
      await mine.getByRole('button', { name: 'Set up a passkey' }).click();
      await expect(mine.getByRole('alert')).toHaveText('Give it a name, such as Laptop');
      await mine.getByLabel('Name', { exact: true }).fill('Laptop');
      await device.recognises(false);
      await mine.getByRole('button', { name: 'Set up a passkey' }).click();
      await expect(mine.getByRole('alert')).toHaveText('That was not finished. Try again, or choose another way.');
      await device.recognises(true);
      await mine.getByRole('button', { name: 'Set up a passkey' }).click();
      await expect(heading(page)).toContainText('Your recovery codes');
      await page.getByRole('link', { name: 'I have kept them' }).click();
      await expect(mine.getByRole('listitem')).toContainText(['Laptop']);
      expect(await device.keys()).toHaveLength(1);
      await expectAccessible(page);

      await mine.getByLabel('Name', { exact: true }).fill('Laptop again');
      await mine.getByRole('button', { name: 'Add another passkey' }).click();
      await expect(mine.getByRole('alert')).toHaveText('There is a passkey for you on this device or key already.');

      await mine.getByText('Rename or remove Laptop…').click();
      await mine.getByLabel('New name').fill('Work laptop');
      await mine.getByRole('button', { name: 'Rename it' }).click();
      await expect(mine.getByRole('listitem')).toContainText(['Work laptop']);

      await signOut(page);
      await expect(page).toHaveURL(/\/login/);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await expect(greeting(page, `${account.firstName}!`)).toBeVisible();

      await signOut(page);
      await page.goto('/login?next=%2Faccount');
      await signIn(page, account);
      await expect(heading(page)).toContainText('Confirm it is you');
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Use a passkey' }).click();
      await expect(page).toHaveURL('/account');

      await page.goto(ownFactors);
      await expect(mine).toContainText('last used');
      await mine.getByText('Rename or remove Work laptop…').click();
      await expectAccessible(page);
      await mine.getByRole('button', { name: 'Remove it' }).click();
      await expect(page.getByText('It is removed. You were signed out on other devices.').first()).toBeVisible();
      await expect(mine.getByRole('listitem')).toHaveCount(0);
      await signOut(page);
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
      await expect(page.getByText('That passkey was not accepted. Try again, or choose another way.').first()).toBeVisible();
      await signIn(page, account);
      await expect(greeting(page)).toBeVisible();
    });
  });
}

test('a browser that knows no passkeys is offered none', async ({ page }) => {
  await page.addInitScript(() => delete window.PublicKeyCredential);
  await page.goto('/login', { waitUntil: 'networkidle' });
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toBeHidden();
});
