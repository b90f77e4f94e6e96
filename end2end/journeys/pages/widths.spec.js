// The list of people and the page of a person at every width: nothing is cut while there is room, nothing touches, nothing
// goes sideways, with the names people have and with longer ones.
import { cutTexts, lengthen, narrowFacts, sideways, troublesOfTable, widths } from '../../support/layout.js';
import { pages, visit } from '../../support/pages.js';
import { expect, test } from '../../support/test.js';

const pageNamed = (name) => pages.find((one) => one.name === name);

test('the list of people shares its width well', async ({ page, signedIn }) => {
  await visit(page, signedIn, pageNamed('people'));
  for (const names of ['real', 'very long']) {
    if (names === 'very long') await page.evaluate(lengthen);
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      const where = `with ${names} names at ${width} px`;
      expect.soft(await page.evaluate(troublesOfTable), where).toEqual([]);
      expect.soft(await page.evaluate(sideways), where).toEqual([]);
      if (names === 'real' && width >= 768) expect.soft(await page.evaluate(cutTexts), `cut ${where}`).toEqual([]);
    }
  }
});

test('columns that somebody chose are all shown, and the page stays as wide as the window', async ({ page, signedIn }) => {
  await visit(page, signedIn, pageNamed('people'));
  const value = 'name.email.username.role.status.mfa.last_login.login_count.created';
  await page.context().addCookies([{ name: 'people_columns', value, url: page.url() }]);
  await page.reload();
  for (const width of widths.filter((one) => one >= 768)) {
    await page.setViewportSize({ width, height: 900 });
    await expect.soft(page.locator('thead th:not([data-cell]):visible'), `at ${width} px`).toHaveCount(9);
    const frame = page.locator('.table-frame');
    await frame.evaluate((box) => (box.scrollLeft = box.scrollWidth));
    const menu = page.locator('tbody tr').first().locator('[data-cell="actions"] button').first();
    await expect.soft(menu, `the last column at ${width} px`).toBeInViewport({ ratio: 1 });
    expect.soft(await page.evaluate(sideways), `at ${width} px`).toEqual([]);
    await frame.evaluate((box) => (box.scrollLeft = 0));
  }
});

test('the table in the gallery shares its width well', async ({ page, signedIn }) => {
  await visit(page, signedIn, pageNamed('components'));
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    expect.soft(await page.evaluate(troublesOfTable), `at ${width} px`).toEqual([]);
  }
});

test('what is wrong with a file shares its width well', async ({ page, signedIn }) => {
  await visit(page, signedIn, pageNamed('a file that was checked'));
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    expect.soft(await page.evaluate(troublesOfTable), `at ${width} px`).toEqual([]);
    expect.soft(await page.evaluate(sideways), `at ${width} px`).toEqual([]);
  }
});

for (const name of ['a person', 'account']) {
  test(`${name}: the facts have room at every width`, async ({ page, signedIn }) => {
    await visit(page, signedIn, pageNamed(name));
    for (const width of widths) {
      await page.setViewportSize({ width, height: 900 });
      expect.soft(await page.evaluate(narrowFacts), `at ${width} px`).toEqual([]);
      expect.soft(await page.evaluate(sideways), `at ${width} px`).toEqual([]);
    }
  });
}

test('the matrix of roles goes sideways in its frame alone, and says so at its edge', async ({ page, signedIn }) => {
  await visit(page, signedIn, pageNamed('roles'));
  const frame = page.getByRole('region', { name: 'Permissions of every role' });
  await page.setViewportSize({ width: 1024, height: 900 });
  const isWider = () => frame.evaluate((one) => one.scrollWidth > one.clientWidth);
  expect(await isWider(), 'at 1024 px all roles fit, so that nothing is tried').toBe(true);
  expect(await page.evaluate(sideways)).toEqual([]);
  expect(await frame.evaluate((one) => getComputedStyle(one).backgroundAttachment)).toBe('local, scroll');
  const left = () => frame.evaluate((one) => one.querySelector('th[scope="row"]').getBoundingClientRect().left);
  const before = await left();
  await frame.evaluate((one) => one.scrollTo(one.scrollWidth, 0));
  expect(await left(), 'the names of the permissions went away').toBeCloseTo(before, 0);
  await expect(frame.getByRole('columnheader').last()).toBeInViewport();
});
