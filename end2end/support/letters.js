// What journeys by mail stand on: people who register or are invited, and the links in the letters that they get.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import { admin } from './accounts.js';
import { expect, test as base } from './test.js';

export const password = 'a walk in the mountains';

/** Somebody whom no other journey knows. */
export function newcomer() {
  const username = `nora-${randomBytes(5).toString('hex')}`;
  return { username, email: `${username}@example.com`, full_name: 'Nora Quist', firstName: 'Nora', password };
}

export const test = base.extend({
  // Where the newest letter to an address leads, read in the mail box as an admin reads it. Letters come when they come.
  linkTo: async ({ browser, baseURL, signedIn }, use) => {
    const context = await browser.newContext({ baseURL });
    await context.addCookies(await signedIn(admin));
    const box = await context.newPage();
    await use((email, path, letters) => newestLink(box, email, path, letters));
    await context.close();
  },
});

/** Fills in and sends the registration form. */
export async function register(page, person) {
  await page.goto('/register');
  await page.getByLabel('Full name').fill(person.full_name);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Date of birth').fill('1990-12-31');
  await page.getByLabel('Password', { exact: true }).fill(person.password);
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByText(`We have sent a letter to ${person.email}`)).toBeVisible();
}

/** Registers somebody and verifies the address. */
export async function registerAndVerify(page, linkTo, person) {
  await register(page, person);
  await page.goto(await linkTo(person.email, '/verify-email'));
  await page.getByRole('button', { name: 'Verify my address' }).click();
  await expect(page).toHaveURL('/login');
}

/** Invites somebody as an operator does, on the command line beside the running server. */
export function invite({ username, email, full_name }) {
  const { COUNTERSIGN_PROGRAM: program, COUNTERSIGN_DEMO_ACCOUNTS: accounts, COUNTERSIGN_URL: url } = process.env;
  if (!program) throw new Error('COUNTERSIGN_PROGRAM names no program; `make test` sets it to the one that serves.');
  const asked = ['--username', username, '--email', email, '--full-name', full_name, '--role', 'CUSTOMER'];
  // The database, where it is another than the one in the data folder, is in the environment already.
  const env = { ...process.env, COUNTERSIGN_DATA_DIR: dirname(accounts), COUNTERSIGN_PUBLIC_URL: url };
  execFileSync(program, ['user', 'invite', ...asked], { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
}

/** Invites somebody, and gives back the link that the letter brings. An admin looks at it. */
export function inviteForALink(page) {
  const person = newcomer();
  invite(person);
  return newestLink(page, person.email, '/accept-invitation');
}

/** Registers somebody without looking at any page, and gives back the link that a letter brings. An admin looks at it. */
export async function registerForALink(page, path) {
  const person = newcomer();
  const headers = { 'sec-fetch-site': 'same-origin' };
  const { username, email, full_name } = person;
  const form = { username, email, full_name, password, date_of_birth: '1990-12-31' };
  await page.request.post('/do/register', { headers, form });
  if (path === '/reset-password') await page.request.post('/do/forgot-password', { headers, form: { email } });
  return newestLink(page, email, path);
}

/**
 * Where the newest letter to an address leads, read in the mail box by an admin. Letters come when they come, and the link of one is
 * dead as soon as the next is sent: so many are waited for.
 */
export async function newestLink(box, email, path, letters = 1) {
  const link = box.locator('details').filter({ hasText: `To ${email}` }).locator(`a[href*="${path}?token="]`);
  await expect(async () => {
    await box.goto('/mailbox');
    expect(await link.count()).toBeGreaterThanOrEqual(letters);
  }).toPass({ timeout: 20_000 });
  return link.first().getAttribute('href');
}
