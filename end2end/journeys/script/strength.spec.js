// The meter under a new password: absent until one types, honest while one does, and heard when one pauses.
import { admin, expect, test } from '../../support/test.js';

test('a10 the meter rates a password as it is typed and says what to change', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/ui');
  await page.waitForLoadState('networkidle');
  const group = page.locator('div:has(> div > #gallery-password)');
  const heard = group.getByRole('status');
  await expect(group.getByText('Weak', { exact: true })).toBeHidden();
  await page.locator('#gallery-password').pressSequentially('Gebirgszug!');
  await expect(group.getByText('Add a digit, or use at least 15 characters.').first()).toBeVisible();
  await expect(heard).toHaveText('Password strength: Weak. Add a digit, or use at least 15 characters.');
  await page.locator('#gallery-password').fill('a walk in the mountains');
  await expect(group.getByText('Strong', { exact: true })).toBeVisible();
  await expect(heard).toHaveText('Password strength: Strong. It follows every rule.');
  await page.locator('#gallery-password').fill('');
  await expect(group.getByText('Strong', { exact: true })).toBeHidden();
  await expect(heard).toHaveText('');
});
