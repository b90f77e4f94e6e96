// People in and out: a list as a file, and a file of people that is checked, imported and looked at.
import { readFile } from 'node:fs/promises';
import { admin, expect, heading, test } from '../../support/test.js';

const unique = () => `im${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;

test('takes the listed people along as a file', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, `/people?search=${admin.username}`);
  await page.getByRole('button', { name: 'Import and export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'For a spreadsheet (CSV)' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('users.csv');
  const file = await readFile(await download.path(), 'utf8');
  expect(file.startsWith('\uFEFFid,username,')).toBe(true);
  expect(file).toContain(`,${admin.username},`);
});

test('checks a file, imports it and finds who was in it', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  const name = unique();
  await arriveAs(admin, '/people');
  await page.getByRole('button', { name: 'Import and export' }).click();
  await page.getByRole('link', { name: 'Import people' }).click();
  await expect(heading(page)).toHaveText('Import people');
  await page.getByLabel('Send no letters').check();
  const table = `username;full_name;email;roles\n${name};"Imported; Person";${name}@example.com;PIN\nx;Too Short;short@example.com;PIN\n`;
  await page.getByLabel('CSV file').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(table) });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(heading(page)).toHaveText('people.csv');
  await expect(page.getByText('Use at least 3 characters').filter({ visible: true })).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 person and skip 1 wrong' }).click();
  await expect(page.getByText('The import is done')).toBeVisible({ timeout: 20_000 });
  await page.goto(`/people?search=${name}`);
  await expect(page.getByText('Imported; Person').filter({ visible: true }).first()).toBeVisible();
});

test('says what is wrong with a file that is none', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people/import');
  await page.getByLabel('CSV file').setInputFiles({ name: 'x.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByText('Missing: username, full_name, email.').first()).toBeVisible();
});
