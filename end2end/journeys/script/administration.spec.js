// What scripts add to looking after accounts: rules told while one types; and the whole way by keyboard alone.
import { randomBytes } from 'node:crypto';
import { admin, expect, heading, test } from '../../support/test.js';

test('u1 says while one types what is wrong or taken', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people/new');
  const username = page.getByLabel('Username');
  const told = page.locator('#username-error');
  await username.pressSequentially(admin.username);
  await expect(told).toHaveText('Username already exists');
  await expect(username).toHaveAttribute('aria-invalid', 'true');
  await username.pressSequentially(' x');
  await expect(told).toHaveText('Use letters a to z, digits, dots, dashes and underscores');
  await username.fill(`free-${randomBytes(5).toString('hex')}`);
  await expect(told).toBeHidden();
  await expect(username).not.toHaveAttribute('aria-invalid', 'true');
  const email = page.getByLabel('E-mail');
  await email.pressSequentially('nora@');
  await expect(page.locator('#email-error')).toHaveText('Please enter a valid email address');
  await email.fill(`${admin.username}@countersign.example`);
  await expect(page.locator('#email-error')).toHaveText('E-mail address already exists');
  await email.fill(`free-${randomBytes(5).toString('hex')}@example.com`);
  await expect(page.locator('#email-error')).toBeHidden();
});

/** Presses Tab until the wanted element has the focus, as somebody without a mouse does. */
async function tabTo(page, wanted, presses = 80) {
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluateAll((elements) => elements.includes(document.activeElement))) return;
  }
  throw new Error(`Tab never reached ${wanted}`);
}

test('uc003_uc005_uc006 makes, changes and suspends an account by keyboard alone', async ({ page, arriveAs }) => {
  const username = `keys-${randomBytes(5).toString('hex')}`;
  await arriveAs(admin, '/people');
  await tabTo(page, page.getByRole('link', { name: 'New person' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/people/new');
  for (const [label, text] of [['Full name', 'Nora Quist'], ['Username', username], ['E-mail', `${username}@example.com`]]) {
    await tabTo(page, page.getByLabel(label));
    await page.keyboard.type(text);
  }
  await tabTo(page, page.getByLabel('Role', { exact: true }));
  await page.keyboard.type('Person');
  await tabTo(page, page.getByRole('button', { name: 'Create the account' }));
  await page.keyboard.press('Enter');
  await expect(heading(page)).toContainText('Nora Quist');

  await tabTo(page, page.getByRole('link', { name: 'Edit' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/edit$/);
  await tabTo(page, page.getByLabel('Full name'));
  await page.keyboard.type('Nora Berg');
  await page.keyboard.press('Enter');
  await expect(heading(page)).toContainText('Nora Berg');

  await tabTo(page, page.getByRole('button', { name: 'Suspend…' }));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Suspend Nora' }), 5);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Nora is suspended and signed out everywhere.')).toBeVisible();
});
