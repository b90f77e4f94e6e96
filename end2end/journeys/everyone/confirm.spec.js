// Confirming that it is still you: a browser that was remembered has shown its password alone, so what matters asks for the second
// factor first and goes on from there. With scripts and without, at a desk and on a phone, by hand and by keyboard alone.
import { codeOf } from '../../support/authenticator.js';
import { expectAccessible } from '../../support/axe.js';
import { press, tabTo, type } from '../../support/keyboard.js';
import { newcomer, registerAndVerify, test } from '../../support/letters.js';
import { expect, greeting, heading, signIn, signOut } from '../../support/test.js';

/** Somebody new with an app, in a browser that is remembered and was asked for the password alone. Gives back recovery codes. */
async function comeBackRemembered(page, linkTo, nora) {
  await registerAndVerify(page, linkTo, nora);
  await page.goto('/login?next=%2Faccount%2Fsecond-factor');
  await signIn(page, nora);
  await page.getByRole('button', { name: 'Set up an app' }).click();
  await page.getByLabel('Code from your app').fill(codeOf(await page.locator('#secret').innerText()));
  await page.getByRole('button', { name: 'Turn it on' }).click();
  await expect(heading(page)).toHaveText('Your recovery codes');
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  await page.getByRole('link', { name: 'I have kept them' }).click();

  await signOut(page);
  await page.goto('/login');
  await signIn(page, nora);
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(codes[0]);
  await page.getByLabel('Remember this device for 30 days').check();
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(greeting(page, 'Nora!')).toBeVisible();

  await signOut(page);
  await page.goto('/login?next=%2Faccount%2Fapi-keys');
  await signIn(page, nora);
  await expect(heading(page)).toContainText('API keys');
  return codes.slice(1);
}

const name = (page) => page.getByLabel('Name', { exact: true });
const scope = (page) => page.getByRole('checkbox', { name: 'See their own account' });

test('a5 shows the second factor before a key is made, and finds what was typed', { tag: '@both-engines' }, async ({
  page,
  linkTo,
  javaScriptEnabled,
}) => {
  const look = async () => javaScriptEnabled !== false && (await expectAccessible(page));
  const codes = await comeBackRemembered(page, linkTo, newcomer());
  await expect(page.getByText('You will be asked to confirm that it is you.')).toBeVisible();
  await look();
  await name(page).fill('Nightly export');
  await scope(page).check();
  await page.getByLabel('Expires').selectOption('After 7 days');
  await page.getByRole('button', { name: 'Make the key' }).click();

  await expect(page).toHaveURL('/confirm?next=%2Faccount%2Fapi-keys');
  await expect(heading(page)).toHaveText('Confirm it is you');
  await look();
  await page.getByLabel('Code from your app').fill('000000');
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(page.getByText('Invalid verification code. Please try again.').first()).toBeVisible();
  await look();
  await page.getByRole('link', { name: 'Use a recovery code' }).click();
  await look();
  await page.getByLabel('Recovery code').fill(codes[0]);
  await page.getByRole('button', { name: 'Verify' }).click();

  await expect(page).toHaveURL('/account/api-keys');
  await expect(page.getByText('Confirmed. Nothing is sent yet: what you typed stands in the form.')).toBeVisible();
  await expect(name(page)).toHaveValue('Nightly export');
  await expect(scope(page)).toBeChecked();
  await expect(page.getByLabel('Expires')).toHaveValue('7');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await expect(page.locator('[data-new-key]')).toContainText('cs_');

  // For a quarter of an hour nothing more is asked.
  await page.goto('/confirm?next=%2Faccount%2Fevents');
  await expect(heading(page)).not.toHaveText('Confirm it is you');
});

test('a5 leaves it at that when it is not now, and leads to no foreign page', async ({ page, linkTo }) => {
  const [code] = await comeBackRemembered(page, linkTo, newcomer());
  await page.goto('/confirm?next=%2Faccount%2Fapi-keys');
  await page.getByRole('link', { name: 'Not now' }).click();
  await expect(greeting(page, 'Nora!')).toBeVisible();
  await page.goto('/confirm?method=recovery&next=https%3A%2F%2Fforeign.example%2F');
  await page.getByLabel('Recovery code').fill(code);
  await page.getByRole('button', { name: 'Verify' }).click();
  await expect(greeting(page, 'Nora!')).toBeVisible();
});

test('a5 confirms by keyboard alone', async ({ page, linkTo }) => {
  const [code] = await comeBackRemembered(page, linkTo, newcomer());
  await type(page, 'Name', 'By keyboard');
  await tabTo(page, scope(page));
  await page.keyboard.press('Space');
  await press(page, 'Make the key');
  await expect(heading(page)).toHaveText('Confirm it is you');
  // The field has the focus already.
  await expect(page.getByLabel('Code from your app')).toBeFocused();
  await press(page, 'Use a recovery code', 'link');
  await type(page, 'Recovery code', code);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/account/api-keys');
  await expect(name(page)).toHaveValue('By keyboard');
  await press(page, 'Make the key');
  await expect(page.locator('[data-new-key]')).toContainText('cs_');
});
