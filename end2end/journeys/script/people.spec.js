// What scripts add to the list of people: it follows what is typed and chosen, and is gone through by keys.
import { admin, expect, test } from '../../support/test.js';

const search = (page) => page.getByLabel('Search people');
const rows = (page) => page.locator('main tbody [data-cell="lead"] a');

test('uc007_1_to_10_3a_9a the list follows what is typed, the field keeps the focus, and the address keeps step', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await search(page).pressSequentially(admin.full_name.slice(0, 5), { delay: 20 });
  await expect(page).toHaveURL(/search=/);
  await expect(rows(page).filter({ hasText: admin.full_name })).toBeVisible();
  await expect(page.locator('mark').first()).toBeVisible();
  await expect(search(page)).toBeFocused();

  await search(page).pressSequentially('zzz');
  await expect(page.getByText('No users found').first()).toBeVisible();
  await search(page).fill('');
  await expect(page).toHaveURL('/people');
  await expect(rows(page)).toHaveCount(50);
});

test('uc008_9 a filter is chosen, read as a sentence, kept over a reload and taken away', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.getByRole('button', { name: 'Filters' }).click();
  await page.getByRole('combobox', { name: 'Status', exact: true }).selectOption('suspended');
  await expect(page).toHaveURL('/people?status=suspended');
  await expect(page.getByText('People who')).toBeVisible();
  // The panel stays for the next choice.
  await page.getByRole('combobox', { name: 'Last sign-in', exact: true }).selectOption('never');
  await expect(page).toHaveURL(/status=suspended&last_login=never/);
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('link', { name: 'Remove filter: are suspended' })).toBeVisible();
  await page.getByRole('link', { name: 'Remove filter: are suspended' }).click();
  await expect(page).toHaveURL('/people?last_login=never');
  await page.getByRole('link', { name: 'Remove filter: signed in never' }).click();
  await expect(page).toHaveURL('/people');
});

test('j and k go through the rows, Enter opens, a slash leads to the search', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  // What listens for keys comes after the page.
  await expect(async () => {
    await page.keyboard.press('j');
    await expect(rows(page).nth(0)).toBeFocused({ timeout: 500 });
  }).toPass();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(rows(page).nth(1)).toBeFocused();
  await page.keyboard.press('/');
  await expect(search(page)).toBeFocused();
  await page.keyboard.press('j');
  await expect(search(page)).toHaveValue('j');
  await search(page).fill('');
  await expect(page).toHaveURL('/people');
  await search(page).blur();
  const address = await rows(page).nth(0).getAttribute('href');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(address);
});

test('a choice survives leafing and searching, and is confirmed for exactly those', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people?status=invited');
  const said = page.getByRole('region', { name: 'Selected rows' });
  const tick = (place) => page.locator('main tbody .tick').nth(place);
  await tick(0).check();
  await expect(said).toContainText('1 chosen');
  // None of those who sign in themselves in other journeys.
  await page.goto('/people?search=people.example&role=STAFF&status=active&sort=-email');
  await expect(said).toContainText('1 chosen, 1 of them on other pages');
  await tick(1).check();
  await tick(2).check();
  await expect(said).toContainText('3 chosen, 1 of them on other pages');
  await tick(1).uncheck();
  await page.reload();
  await expect(tick(2)).toBeChecked();
  await said.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Require a second factor…' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Require a second factor of 2 people?');
  await page.getByRole('button', { name: 'Require it of 2 people' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('A second factor is required of 2 people now');
  await page.getByRole('link', { name: 'Back to the list' }).click();
  await expect(said).toBeHidden();
});

test('who is ticked before the scripts have come stays ticked', async ({ page, arriveAs }) => {
  const said = page.getByRole('region', { name: 'Selected rows' });
  const tick = (place) => page.locator('main tbody .tick').nth(place);
  await arriveAs(admin, '/people');
  await tick(0).check();
  await expect(said).toContainText('1 chosen');
  let come;
  const held = new Promise((resolve) => (come = resolve));
  await page.route(/\/chosen[^/]*\.js/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/people', { waitUntil: 'commit' });
  await tick(1).check();
  await expect(tick(0)).not.toBeChecked();
  come();
  await expect(said).toContainText('2 chosen');
  await expect(tick(0)).toBeChecked();
  await expect(tick(1)).toBeChecked();
});

test('everybody on the page, then everybody who matches', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people?role=CUSTOMER&mfa=none');
  const said = page.getByRole('region', { name: 'Selected rows' });
  await page.getByLabel('Choose all on this page').check();
  await expect(said).toContainText('50 chosen');
  await page.getByLabel(/^All \d+ that match$/).check();
  await expect(said).toContainText(/All \d+ chosen/);
  const count = (await said.textContent()).match(/All (\d+) chosen/)[1];
  await said.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'No longer require one…' }).press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`No longer require a second factor of ${count} people?`);
  await page.getByText(/^Show (all|the first) \d+ people$/).click();
  await expect(page.locator('details li').first()).toBeVisible();
  await page.getByRole('link', { name: 'Change nothing' }).click();
  await page.getByRole('button', { name: 'Choose nobody' }).click();
  await expect(said).toBeHidden();
});
