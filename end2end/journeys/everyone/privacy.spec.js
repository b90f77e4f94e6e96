// Personal data: taking one's own along, taking somebody's along, and erasing somebody. With scripts and without, at a desk and
// on a phone.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { admin, expect, heading, member, test } from '../../support/test.js';

/** What a link brings to the disk, read as JSON. */
async function download(page, name) {
  const begun = page.waitForEvent('download');
  await page.getByRole('link', { name }).press('Enter');
  const file = await begun;
  expect(file.suggestedFilename()).toBe('personal-data.json');
  return JSON.parse(await readFile(await file.path(), 'utf8'));
}

/** Makes somebody whom no other journey meets, and stands on their page. */
async function somebody(page, arriveAs) {
  const username = `gone-${randomBytes(5).toString('hex')}`;
  await arriveAs(admin, '/people/new');
  await page.getByLabel('Full name').fill('Nora Quist');
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('E-mail').fill(`${username}@example.com`);
  await page.getByLabel('Role', { exact: true }).selectOption('Person in need');
  await page.getByLabel('With a password that you give them').check();
  await page.getByLabel('Password', { exact: true }).fill('a walk in the mountains');
  await page.getByRole('button', { name: 'Create the account' }).press('Enter');
  await expect(page.getByText('The account of Nora is ready.')).toBeVisible();
  return { username, path: new URL(page.url()).pathname };
}

test('takes along what is kept about oneself', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(member, '/account/data');
  await expect(heading(page)).toContainText('Your data');
  const data = await download(page, 'Download your data');
  expect(data.account.username).toBe(member.username);
  expect(data.events.at(-1).action).toBe('person.data_exported');
});

test('erases somebody who is suspended, after typing their username', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  const person = await somebody(page, arriveAs);
  await expect(page.getByText('Suspend Nora first')).toBeVisible();
  const data = await download(page, 'Download the data');
  expect(data.account.username).toBe(person.username);
  await page.getByRole('button', { name: 'Suspend…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend Nora' }).press('Enter');
  await expect(page.getByText('Nora is suspended and signed out everywhere.')).toBeVisible();

  await page.getByRole('link', { name: 'Erase…' }).press('Enter');
  await expect(heading(page)).toContainText('Erase Nora');
  await page.getByLabel('Type the username of Nora').fill('nora');
  await page.getByRole('button', { name: 'Erase Nora for good' }).press('Enter');
  await expect(page.locator('#username-error')).toContainText('This is not their username');
  await page.getByLabel('Type the username of Nora').fill(person.username);
  await page.getByLabel('Type the username of Nora').press('Enter');
  await expect(page.getByText('The person is erased.')).toBeVisible();
  await expect(page.getByText('This person was erased')).toBeVisible();
  await expect(page.getByText('Nora')).toHaveCount(0);
  await page.goto(`/people?search=${person.username}`);
  await expect(page.getByText('No users found')).toBeVisible();
});
