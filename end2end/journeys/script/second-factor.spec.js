// The second factor by keyboard alone, and what scripts add: a pasted code, the countdowns.
import { named } from '../../support/accounts.js';
import { codeOf } from '../../support/authenticator.js';
import { press, tabTo } from '../../support/keyboard.js';
import { expect, heading, test } from '../../support/test.js';

test('set up, asked for and removed by keyboard alone', { tag: '@both-engines' }, async ({ page }) => {
  const account = named('ingrid');
  const signIn = async () => {
    await tabTo(page, page.getByLabel('Username or email'));
    await page.keyboard.type(account.username);
    await tabTo(page, page.getByLabel('Password', { exact: true }));
    await page.keyboard.type(account.password);
    await page.keyboard.press('Enter');
  };
  await page.goto('/login?next=%2Faccount%2Fsecond-factor');
  await signIn();
  await expect(heading(page)).toHaveText('Second factor');
  await press(page, 'Set up an app');
  await expect(heading(page)).toHaveText('Set up an authenticator app');
  await tabTo(page, page.getByLabel('Code from your app'));
  await page.keyboard.type(codeOf(await page.locator('#secret').innerText()));
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('Your recovery codes');
  const codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allInnerTexts();
  await press(page, 'I have kept them', 'link');
  await expect(page.getByText('10 are left.')).toBeVisible();

  await page.context().clearCookies();
  await page.goto('/login?next=%2Faccount%2Fsecond-factor');
  await signIn();
  // The field has the focus already.
  await expect(page.getByLabel('Code from your app')).toBeFocused();
  await press(page, 'Use a recovery code', 'link');
  await tabTo(page, page.getByLabel('Recovery code'));
  await page.keyboard.type(codes[0]);
  await page.keyboard.press('Enter');
  await expect(heading(page)).toHaveText('Second factor');
  await tabTo(page, page.locator('summary', { hasText: 'Remove…' }));
  await page.keyboard.press('Enter');
  await press(page, 'Remove it');
  await expect(page.getByText('It is removed.')).toBeVisible();

  // Codes by e-mail: nothing is set up by looking, and another code waits for its time.
  await press(page, 'Send me a code to set it up');
  await expect(heading(page)).toHaveText('Codes by e-mail');
  await page.getByLabel('Code', { exact: true }).evaluate((field) => {
    const data = new DataTransfer();
    data.setData('text', ' 123 456 ');
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(page.getByLabel('Code', { exact: true })).toHaveValue('123456');
});
