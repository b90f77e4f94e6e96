// Looking after accounts when something is in the way: the session is gone, the role is the wrong one, or somebody else was
// quicker. With scripts and without, at a desk and on a phone. A browser holds one cookie instead of tokens, so what the use cases
// say of tokens that are missing, wrong or over is said here of that cookie.
import { create, fill, somebody } from '../../support/administration.js';
import { admin, expect, heading, member, signIn, test } from '../../support/test.js';

const NOBODY = '/people/0198c0de-0000-7000-8000-000000000000';

/** Takes the session from the browser. */
const forget = (page) => page.context().clearCookies({ name: 'session_token' });

/** Leaves the browser a session that is none. */
async function spoil(page) {
  const cookies = await page.context().cookies();
  const session = cookies.find(({ name }) => name === 'session_token');
  await page.context().addCookies([{ ...session, value: 'not.a.token' }]);
}

test('uc003_10a_11a_11b where the session is gone or none, a form leads to the sign-in page and back', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people/new');
  for (const end of [forget, spoil]) {
    await page.getByLabel('Full name').fill('Nora Quist');
    await end(page);
    await page.getByRole('button', { name: 'Create the account' }).press('Enter');
    await expect(page).toHaveURL('/login?next=%2Fpeople%2Fnew');
    await signIn(page, admin);
    await expect(page).toHaveURL('/people/new');
    await expect(heading(page)).toContainText('New person');
  }
});

test('uc003_13a_uc005_7a_uc006_6a another role makes, changes and suspends nobody', async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  await arriveAs(member);
  for (const path of ['/people/new', `${person.path}/edit`]) {
    const answer = await page.goto(path);
    expect(answer.status()).toBe(403);
    await expect(page.getByText('Access denied - Admin privileges required')).toBeVisible();
  }
  const answer = await page.request.post('/do/suspend-person', {
    headers: { 'sec-fetch-site': 'same-origin' },
    form: { person: person.path.split('/').pop() },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(303);
  await arriveAs(admin, person.path);
  await expect(page.getByRole('button', { name: 'Suspend…' })).toBeVisible();
});

test('uc004_1_to_9 an account is looked at from the list', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  await page.goto(`/people?search=${person.username}`);
  await page.locator('main a[href^="/people/"]').filter({ visible: true, hasText: person.full_name }).first().click();
  await expect(page).toHaveURL(person.path);
  const facts = page.locator('main');
  for (const fact of [person.full_name, person.username, person.email, 'Person in need', 'Active', 'Never', person.path.split('/').pop()]) {
    await expect(facts).toContainText(fact);
  }
});

test('uc004_3a_uc005_6a_uc006_5a without a session an account is shown after signing in', async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  for (const end of [forget, spoil]) {
    await end(page);
    await page.goto(person.path);
    await expect(page).toHaveURL(`/login?next=${encodeURIComponent(person.path)}`);
    await signIn(page, admin);
    await expect(page).toHaveURL(person.path);
    await expect(heading(page)).toContainText(person.full_name);
  }
});

test('uc004_5a_6a who is not there and who may not be seen is not found', async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  const isNotFound = async (path) => {
    const answer = await page.goto(path);
    expect(answer.status()).toBe(404);
    await expect(page.getByText('User not found').first()).toBeVisible();
  };
  await isNotFound(NOBODY);
  await arriveAs(member);
  await isNotFound(person.path);
});

test('uc005_9a a role that is none is refused at its field', async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  await page.goto(`${person.path}/edit`);
  await page.getByLabel('Role', { exact: true }).evaluate((select) => {
    select.selectedOptions[0].value = 'NO_SUCH_ROLE';
  });
  await page.getByRole('button', { name: 'Save the changes' }).press('Enter');
  await expect(page.locator('#roles-error')).toContainText('Choose');
  await page.goto(person.path);
  await expect(page.locator('main')).toContainText('Person in need');
});

test('uc006_7a who was suspended in another window is said to be suspended already', async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  const other = await page.context().newPage();
  await other.goto(person.path);
  await other.getByRole('button', { name: 'Suspend…' }).press('Enter');
  await other.getByRole('dialog').getByRole('button', { name: 'Suspend Nora' }).press('Enter');
  await expect(other.getByText('Nora is suspended and signed out everywhere.')).toBeVisible();
  await other.close();
  await page.getByRole('button', { name: 'Suspend…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend Nora' }).press('Enter');
  await expect(page.getByText('Nora was suspended already.')).toBeVisible();
  await expect(page.getByText('Nora cannot sign in')).toBeVisible();
});

test('uc006_8a who is gone by now cannot be suspended', async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people/new');
  await fill(page, somebody());
  await page.getByLabel('By invitation').check();
  await page.getByRole('button', { name: 'Create the account' }).press('Enter');
  await expect(page.getByText('Nora is invited: a letter with a link is on its way.')).toBeVisible();
  const other = await page.context().newPage();
  await other.goto(new URL(page.url()).pathname);
  await other.getByRole('button', { name: 'Take back…' }).press('Enter');
  await other.getByRole('dialog').getByRole('button', { name: 'Take it back' }).press('Enter');
  await expect(other.getByText('The invitation of Nora is taken back.')).toBeVisible();
  await other.close();
  await page.getByRole('button', { name: 'Suspend…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend Nora' }).press('Enter');
  await expect(page.getByText('User not found or suspend failed').first()).toBeVisible();
  await expect(page.getByText('This person was erased')).toBeVisible();
});

test('uc007_5a_uc008_2a_3a a search whose session is gone goes on after signing in', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, `/people?search=${admin.username}`);
  for (const end of [forget, spoil]) {
    await end(page);
    await page.getByLabel('Search people').press('Enter');
    await expect(page).toHaveURL(/\/login\?next=%2Fpeople%3Fsearch%3D/);
    await signIn(page, admin);
    await expect(page).toHaveURL(/\/people\?search=/);
    await expect(page.locator('main tbody tr').filter({ hasText: admin.full_name }).first()).toBeVisible();
  }
});
