// Looking through the audit trail: what happened in sentences, narrowed by the address bar, proven by a button, with and
// without scripts and by keyboard.
import { admin, expect, test } from '../../support/test.js';

const rows = (page) => page.locator('main details summary').filter({ visible: true, has: page.locator('time') });

test('tells what happened and opens to what is known of it', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/audit');
  const first = rows(page).first();
  await expect(first).toContainText(/\S+ \S+/);
  await first.focus();
  await page.keyboard.press('Enter');
  const details = page.locator('main li details[open]').first();
  await expect(details.getByText('Place in the chain')).toBeVisible();
  await expect(details.getByText('By whom')).toBeVisible();
});

test('is narrowed by a form, and each condition can be taken away', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/audit');
  await page.locator('summary', { hasText: 'Filter' }).click();
  await page.getByLabel('By whom').fill(admin.username);
  await page.getByLabel('How it ended').selectOption('done');
  await page.getByRole('button', { name: 'Show these' }).click();
  await expect(page).toHaveURL(/actor=[a-z]+/);
  await expect(rows(page).first()).toContainText(admin.full_name);
  await page.getByRole('link', { name: `Remove filter: by ${admin.username}` }).click();
  await expect(page).not.toHaveURL(/actor=[a-z]+/);
  await expect(page).toHaveURL(/outcome=done/);
});

test('asks whom a part of a name means', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/audit');
  await page.locator('summary', { hasText: 'Filter' }).click();
  await page.getByLabel('By whom').fill(admin.full_name);
  await page.getByRole('button', { name: 'Show these' }).click();
  await expect(page.getByText(`Nobody has the username “${admin.full_name}”`)).toBeVisible();
  await page.locator('[data-meant] li').filter({ hasText: admin.username }).first().getByRole('link').click();
  await expect(page).toHaveURL(`/audit?actor=${admin.username}`);
  await expect(rows(page).first()).toContainText(admin.full_name);
});

test('says what is wrong with a condition beside its field', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/audit?ip=nonsense');
  await expect(page.getByLabel('IP address')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.locator('#ip-error')).toHaveText('Enter a whole address such as 203.0.113.9');
});

test('proves the chain', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/audit');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await expect(page.getByText('The audit trail is whole')).toBeVisible();
  await expect(page.getByText(/All [\d,]+ entries are as they were written/)).toBeVisible();
});

test('is taken along as CSV', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/audit?action=session.signed_in');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('audit.csv');
});
