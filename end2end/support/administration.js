// What journeys of a User Admin share: people of their own, and the form that makes an account.
import { randomBytes } from 'node:crypto';
import { admin, expect } from './test.js';

/** Somebody whom no other journey meets. */
export function somebody() {
  const username = `journey-${randomBytes(5).toString('hex')}`;
  return { username, first: 'Nora', full_name: `Nora Quist-${username.slice(-4)}`, email: `${username}@example.com` };
}

/** Fills in the form of a new account, but for how they get in. */
export async function fill(page, person) {
  await page.getByLabel('Full name').fill(person.full_name);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Role', { exact: true }).selectOption('Person in need');
}

/** Makes an account and stands on its page. */
export async function create(page, arriveAs, person = somebody()) {
  await arriveAs(admin, '/people/new');
  await fill(page, person);
  await page.getByLabel('With a password that you give them').check();
  await page.getByLabel('Password', { exact: true }).fill('a walk in the mountains');
  await page.getByRole('button', { name: 'Create the account' }).press('Enter');
  await expect(page.getByText('The account of Nora is ready.')).toBeVisible();
  return { ...person, path: new URL(page.url()).pathname };
}
