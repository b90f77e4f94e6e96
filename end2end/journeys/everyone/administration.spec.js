// A User Admin at work: making an account, inviting, changing, two editors at once, suspending and restoring, notes. With scripts
// and without, at a desk and on a phone.
import { create, fill, somebody } from '../../support/administration.js';
import { admin, expect, heading, test } from '../../support/test.js';

test('uc003_1_to_19_14a makes an account, from the list and back to it', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  await arriveAs(admin, '/people');
  await page.getByRole('link', { name: 'New person' }).click();
  await expect(heading(page)).toContainText('New person');
  const person = somebody();
  await fill(page, { ...person, username: admin.username });
  await page.getByLabel('With a password that you give them').check();
  await page.getByLabel('Password', { exact: true }).fill('a walk in the mountains');
  await page.getByRole('button', { name: 'Create the account' }).press('Enter');
  // 14a: said at the field, with everything else as it was typed.
  await expect(page.locator('#username-error')).toContainText('Username already exists');
  await expect(page.getByLabel('Username')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('E-mail')).toHaveValue(person.email);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Password', { exact: true }).fill('a walk in the mountains');
  await page.getByRole('button', { name: 'Create the account' }).press('Enter');
  await expect(heading(page)).toContainText(person.full_name);
  await page.goto(`/people?search=${person.username}`);
  await expect(page.getByText(person.full_name).filter({ visible: true }).first()).toBeVisible();
});

test('uc003_1_to_19 invites somebody, sends it again and takes it back', async ({ page, arriveAs }) => {
  const person = somebody();
  await arriveAs(admin, '/people/new');
  await fill(page, person);
  await page.getByLabel('By invitation').check();
  await expect(page.getByLabel('Password', { exact: true })).toBeHidden();
  await page.getByRole('button', { name: 'Create the account' }).press('Enter');
  await expect(page.getByText('Nora is invited: a letter with a link is on its way.')).toBeVisible();
  await page.getByRole('button', { name: 'Send again' }).press('Enter');
  await expect(page.getByText('A new letter is on its way.')).toBeVisible();
  await page.getByRole('button', { name: 'Take back…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).press('Enter');
  await expect(page.getByText('The invitation of Nora is taken back.')).toBeVisible();
});

test('uc005_1_to_12_8a changes somebody, and is told when nothing changed', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Save the changes' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('No fields to update');
  await page.getByLabel('E-mail').fill('no address');
  await page.getByLabel('E-mail').press('Enter');
  await expect(page.locator('#email-error')).toContainText('Please enter a valid email address');
  await page.getByLabel('E-mail').fill(`new-${person.email}`);
  await page.getByLabel('Role', { exact: true }).selectOption('Staff');
  await page.getByRole('button', { name: 'Save the changes' }).press('Enter');
  await expect(page.getByText('Nora is changed.')).toBeVisible();
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.locator('[data-changes]').first()).toContainText(`new-${person.email}`);
});

/** Opens the form, has a second editor save "Nora Lind" meanwhile, and saves "Nora Berg": both versions are shown. */
async function meetAnotherEditor(page, person, { browser, baseURL, signedIn, javaScriptEnabled }) {
  await page.goto(`${person.path}/edit`);
  const context = await browser.newContext({ baseURL, javaScriptEnabled });
  await context.addCookies(await signedIn(admin));
  const other = await context.newPage();
  await other.goto(`${person.path}/edit`);
  await other.getByLabel('Full name').fill('Nora Lind');
  await other.getByLabel('Full name').press('Enter');
  await expect(other.getByText('Nora is changed.')).toBeVisible();
  await context.close();

  await page.getByLabel('Full name').fill('Nora Berg');
  await page.getByLabel('Full name').press('Enter');
  await expect(page.getByText('This account was changed in the meantime')).toBeVisible();
  await expect(page.getByRole('radio')).toHaveCount(2);
  await expect(page.getByRole('radio', { name: 'As it is now Nora Lind' })).toBeChecked();
}

test('u3 of two editors the second sees both versions and decides', { tag: '@both-engines' }, async ({ page, browser, baseURL, arriveAs, signedIn, javaScriptEnabled }) => {
  const person = await create(page, arriveAs);
  await meetAnotherEditor(page, person, { browser, baseURL, signedIn, javaScriptEnabled });
  await page.getByRole('radio', { name: 'What you typed Nora Berg' }).check();
  await page.getByRole('button', { name: 'Save what is chosen' }).press('Enter');
  await expect(heading(page)).toContainText('Nora Berg');
});

test('u3 deciding for everything as it is now is no mistake', async ({ page, browser, baseURL, arriveAs, signedIn, javaScriptEnabled }) => {
  const person = await create(page, arriveAs);
  await meetAnotherEditor(page, person, { browser, baseURL, signedIn, javaScriptEnabled });
  await page.getByRole('button', { name: 'Save what is chosen' }).press('Enter');
  await expect(page.getByText(`Nothing changed: everything stays as ${admin.full_name} saved it.`)).toBeVisible();
  await expect(heading(page)).toContainText('Nora Lind');
});

test('uc006_1_to_10 suspends somebody after a question, and restores them', { tag: '@both-engines' }, async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  await page.getByRole('button', { name: 'Suspend…' }).press('Enter');
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Suspend Nora?');
  await dialog.getByRole('button', { name: 'Keep active' }).press('Enter');
  await expect(dialog).toBeHidden();
  await page.getByRole('button', { name: 'Suspend…' }).press('Enter');
  await dialog.getByRole('button', { name: 'Suspend Nora' }).press('Enter');
  await expect(page.getByText('Nora is suspended and signed out everywhere.')).toBeVisible();
  await expect(page.getByText('Nora cannot sign in')).toBeVisible();
  await page.goto(`/people?search=${person.username}`);
  await expect(page.getByText('Suspended').filter({ visible: true }).first()).toBeVisible();
  await page.goto(person.path);
  await page.getByRole('button', { name: 'Restore Nora' }).press('Enter');
  await expect(page.getByText('Nora is restored: the account is as it was.')).toBeVisible();
});

test('uc005_sr021 suspends in the form only after a question', async ({ page, arriveAs }) => {
  await create(page, arriveAs);
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Status').selectOption('Suspended');
  await page.getByRole('button', { name: 'Save the changes' }).press('Enter');
  await expect(page.getByText('Suspend Nora?')).toBeVisible();
  await page.getByRole('button', { name: 'Save and suspend Nora' }).press('Enter');
  await expect(page.getByText('Nora is changed.')).toBeVisible();
  await expect(page.getByText('Nora cannot sign in')).toBeVisible();
});

test('looks at how somebody signs in, and ends all of it', async ({ page, browser, baseURL, arriveAs }) => {
  const person = await create(page, arriveAs);
  const context = await browser.newContext({ baseURL });
  const theirs = await context.newPage();
  await theirs.goto('/login');
  await theirs.getByLabel('Username or email').fill(person.username);
  await theirs.getByLabel('Password', { exact: true }).fill('a walk in the mountains');
  await theirs.getByLabel('Password', { exact: true }).press('Enter');
  await expect(theirs).toHaveURL('/');
  await page.getByRole('link', { name: 'Signing in' }).click();
  await page.getByRole('button', { name: 'End all sessions…' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).press('Enter');
  await expect(page.getByText('One session is ended.')).toBeVisible();
  await expect(page.getByText('Nora is signed in nowhere.')).toBeVisible();
  await theirs.goto('/account');
  await expect(theirs).toHaveURL('/login?next=%2Faccount');
  await context.close();
});

test('writes a note', async ({ page, arriveAs }) => {
  const person = await create(page, arriveAs);
  await page.goto(`${person.path}/notes`);
  await page.getByRole('button', { name: 'Add the note' }).press('Enter');
  await expect(page.getByLabel('New note')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('New note').fill('Lost the phone.\nCalled back under the number we have.');
  await page.getByRole('button', { name: 'Add the note' }).press('Enter');
  await expect(page.getByText('The note is added.')).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'Called back under the number we have.' })).toContainText(admin.full_name);
});
