// Finding people: search, sort, page by page, a person's own page.
import { admin, expect, heading, test } from '../../support/test.js';

const names = (page) => page.locator('main a[href^="/people/"]').filter({ visible: true });

test('uc007_1_to_11 searches by a part of a name, and opens who was found', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.getByLabel('Search people').fill(admin.full_name.slice(1, 7));
  await page.getByLabel('Search people').press('Enter');
  await expect(page).toHaveURL(/\/people\?.*=/);
  // 10 and 11: whoever was found is marked, and a press away.
  await expect(page.locator('main mark').filter({ visible: true }).first()).toBeVisible();
  await names(page).filter({ hasText: admin.full_name }).first().click();
  await expect(heading(page)).toContainText(admin.full_name);
});

test('uc007_3a an empty search shows everybody', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people?search=nobody-has-this-name');
  await expect(page.getByText('No users found').first()).toBeVisible();
  await page.getByLabel('Search people').fill('');
  await page.getByLabel('Search people').press('Enter');
  await expect(page).toHaveURL(/\/people(\?[a-z_=&]*)?$/);
  await expect(names(page).first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Next' })).toBeVisible();
});

test('uc007_9a says when nobody is found', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.getByLabel('Search people').fill('nobody-has-this-name');
  await page.getByLabel('Search people').press('Enter');
  await expect(page.getByText('No users found')).toBeVisible();
});

test('uc008_9 filters by role and status, and shows everyone again', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('combobox', { name: 'Role', exact: true }).selectOption({ label: 'Staff' });
  await page.getByRole('combobox', { name: 'Status', exact: true }).selectOption({ label: 'Active' });
  await page.getByRole('button', { name: 'Show people' }).click();
  await expect(page).toHaveURL(/role=STAFF&status=active/);
  await expect(page.getByText('People who')).toBeVisible();
  await expect(names(page).first()).toBeVisible();
  await page.getByRole('link', { name: 'Clear', exact: true }).click();
  await expect(page).toHaveURL('/people');
});

test('uc008_1_to_9 everybody is listed with role and state, page by page', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  const row = page.locator('main tbody tr').first();
  await expect(row).toContainText('@');
  await expect(row).toContainText(/Active|Invited|Locked|Suspended|Unverified/);
  const first = await names(page).first().getAttribute('href');
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(names(page).first()).not.toHaveAttribute('href', first);
  await page.goBack();
  await expect(names(page).first()).toHaveAttribute('href', first);
});

test('uc008_6a a filter that nobody fits leaves an empty list, with a way back', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people?created_from=2099-01-01');
  await expect(page.getByText('No users found').first()).toBeVisible();
  await expect(page.locator('main tbody tr')).toHaveCount(0);
  await page.getByRole('link', { name: 'Show everyone' }).click();
  await expect(page).toHaveURL('/people');
  await expect(names(page).first()).toBeVisible();
});

test('uc004_1_2 opens a person', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  const link = names(page).first();
  const address = await link.getAttribute('href');
  await link.click();
  await expect(page).toHaveURL(address);
  await expect(heading(page)).not.toBeEmpty();
});

test('ticks people in the list, is asked before anything is done to them, and comes back to the list as it was', async ({ page, arriveAs }, testInfo) => {
  const list = '/people?search=people.example&role=STAFF&sort=-email';
  await arriveAs(admin, list);
  const bar = page.getByRole('region', { name: 'Selected rows' });
  const ticks = page.locator('main tbody .tick');
  await expect(bar).toBeHidden();
  await ticks.nth(0).check();
  await ticks.nth(2).check();
  await expect(bar).toBeInViewport();
  if (testInfo.project.name === 'on a phone') {
    const target = await page.locator('main tbody [data-cell="select"] label').first().boundingBox();
    expect(Math.min(target.width, target.height)).toBeGreaterThanOrEqual(44);
    // The bar at the foot leaves it room.
    const foot = await page.locator('.bottom-bar').boundingBox();
    const above = await bar.boundingBox();
    expect(above.y + above.height).toBeLessThanOrEqual(foot.y + 1);
  }
  await bar.getByRole('button', { name: 'Suspend…' }).click();
  await expect(heading(page)).toHaveText('Suspend 2 people?');
  await page.getByRole('link', { name: 'Change nothing' }).click();
  await expect(page).toHaveURL(list);
});

test('shows the own account', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/account');
  await expect(page.getByText(`${admin.username}@countersign.example`).filter({ visible: true }).first()).toBeVisible();
});
