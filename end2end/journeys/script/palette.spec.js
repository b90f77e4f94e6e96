// The command palette: go to anything by typing, people among it.
import { admin, expect, heading, member, test } from '../../support/test.js';

const API = '**/api/v1/users?*';

/** Opens the palette by its keys, and returns it. */
async function openPalette(page) {
  await page.waitForLoadState('networkidle');
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog').filter({ visible: true });
  await expect(palette).toBeVisible();
  return palette;
}

const chosen = (palette) => palette.getByRole('option', { selected: true });

test('Ctrl-K opens the palette, typing finds a page, Enter goes there', async ({ page, arriveAs }) => {
  await arriveAs(admin);
  await openPalette(page);
  await page.keyboard.type('go peop');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/people$/);
});

test('Escape closes the palette and gives the focus back', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.waitForLoadState('networkidle');
  await page.getByLabel('Search people').focus();
  const palette = await openPalette(page);
  await page.keyboard.press('Escape');
  await expect(palette).toHaveCount(0);
  await expect(page.getByLabel('Search people')).toBeFocused();
});

for (const [what, words] of [
  ['name', admin.full_name],
  ['username', admin.username],
  ['address', `${admin.username}@countersign`],
]) {
  test(`finds a person by ${what}, tells how many, and goes there by key`, async ({ page, arriveAs }) => {
    await arriveAs(admin, '/account');
    const palette = await openPalette(page);
    await page.keyboard.type(words);
    await expect(palette.getByRole('status')).toHaveText(/\d (person|people) found/);
    const row = palette.getByRole('option', { name: `${admin.full_name} ${admin.username}@` });
    await expect(row).toBeVisible();
    const last = palette.getByRole('option').last();
    await page.keyboard.press('ArrowUp');
    await expect(last).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('ArrowDown');
    await expect(palette.getByRole('combobox')).toHaveAttribute('aria-activedescendant', await chosen(palette).getAttribute('id'));
    while ((await row.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/people\/[0-9a-f-]{36}$/);
    await expect(heading(page)).toHaveText(admin.full_name);
  });
}

test('says that nobody is found, and offers the list', async ({ page, arriveAs }) => {
  await arriveAs(admin);
  const palette = await openPalette(page);
  await page.keyboard.type('nobody-has-this-name');
  await expect(palette.getByRole('status')).toHaveText('No users found');
  await expect(palette.getByText('No users found')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/people?search=nobody-has-this-name');
});

test('a newer question calls off the older ones, and one pause asks once', async ({ page, arriveAs }) => {
  await arriveAs(admin);
  const asked = [];
  const calledOff = [];
  page.on('requestfailed', (request) => calledOff.push(new URL(request.url()).searchParams.get('search')));
  let letGo;
  const held = new Promise((resolve) => (letGo = resolve));
  await page.route(API, async (route) => {
    const words = new URL(route.request().url()).searchParams.get('search');
    asked.push(words);
    if (words === 'ma') await held;
    // What was called off cannot be answered any more.
    await route.continue().catch(() => undefined);
  });
  const palette = await openPalette(page);
  const first = page.waitForRequest(API);
  await page.keyboard.type('ma');
  await first;
  await page.keyboard.type('ria');
  await expect(palette.getByRole('status')).toHaveText(/found/);
  letGo();
  expect(calledOff).toEqual(['ma']);
  expect(asked[0]).toBe('ma');
  expect(asked.at(-1)).toBe('maria');
  await expect(palette.getByRole('option').filter({ hasNotText: /maria/i })).toHaveCount(0);
});

for (const [what, status, words] of [
  ['that it failed', 503, 'People could not be searched just now. Please try again in a moment.'],
  ['that one is signed out', 401, 'You are signed out. Reload the page to sign in again.'],
]) {
  test(`says plainly ${what}`, async ({ context, signedIn }) => {
    await context.addCookies(await signedIn(admin));
    const page = await context.newPage();
    await page.route(API, (route) => route.fulfill({ status, json: {} }));
    await page.goto('/');
    const palette = await openPalette(page);
    await page.keyboard.type('mar');
    await expect(palette.getByText(words)).toBeVisible();
    await expect(palette.getByRole('status')).toHaveText(words);
  });
}

test('whoever may not see people searches none', async ({ page, arriveAs }) => {
  await page.clock.install();
  await arriveAs(member);
  const asked = [];
  page.on('request', (request) => asked.push(request.url()));
  const palette = await openPalette(page);
  await page.keyboard.type('maria');
  await expect(palette.getByRole('status')).toHaveText('Nothing goes by that name here.');
  // Far beyond the pause after which people are asked for.
  await page.clock.runFor(10_000);
  await expect(palette.getByRole('option')).toHaveCount(0);
  expect(asked.filter((address) => address.includes('/api/'))).toEqual([]);
});

test('what was typed into the box of the top bar goes on in the palette', async ({ page, arriveAs }) => {
  await arriveAs(admin);
  await page.waitForLoadState('networkidle');
  await page.getByLabel('Find people or jump to a page').focus();
  await page.keyboard.type('maria');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('combobox')).toHaveValue('maria');
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the box is a form that searches people', async ({ page, arriveAs }) => {
    await arriveAs(admin);
    await page.getByLabel('Find people or jump to a page').fill(admin.full_name);
    await page.getByLabel('Find people or jump to a page').press('Enter');
    await expect(page).toHaveURL(/\/people\?search=/);
    await expect(page.locator('main').getByText(admin.full_name).first()).toBeVisible();
  });

  test('there is no box for whoever may not see people', async ({ page, arriveAs }) => {
    await arriveAs(member);
    await expect(page.getByRole('navigation').first()).toBeVisible();
    await expect(page.locator('[data-palette]').filter({ visible: true })).toHaveCount(0);
  });
});
