// Roles: a Super Admin sees what each may do, makes one, changes it after seeing whom it reaches, and deletes it.
import { randomBytes } from 'node:crypto';
import { expect, heading, root, signIn, test } from '../../support/test.js';

/** A role of its own for each walk, so that none is in the way of another. */
const newRole = () => {
  const ending = randomBytes(4).toString('hex').toUpperCase();
  return { code: `CREW_${ending}`, name: `Crew ${ending}` };
};

/** Signs in anew: whoever changes roles has to have shown lately that it is them. */
async function arrive(page, path) {
  await page.goto(`/login?next=${encodeURIComponent(path)}`);
  await signIn(page, root);
  await expect(page).toHaveURL(path);
}

async function make(page, { code, name }) {
  await page.goto('/roles/new?copy=STAFF');
  await page.getByLabel('Code').fill(code);
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Make the role' }).press('Enter');
  await expect(page.getByText(`${name} is made.`)).toBeVisible();
}

test('makes a role, changes it after seeing what changes, and deletes it, by keyboard alone', { tag: '@both-engines' }, async ({ page }) => {
  const role = newRole();
  await arrive(page, '/roles');
  await expect(heading(page)).toContainText('Roles');
  await make(page, role);
  await page.getByRole('link', { name: role.name }).filter({ visible: true }).press('Enter');
  await expect(page).toHaveURL(`/roles/${role.code}`);
  await expect(page.getByText('Nobody has this role.')).toBeVisible();

  const orders = page.getByRole('checkbox', { name: 'See every order' });
  await expect(orders).toBeChecked();
  await orders.press('Space');
  await page.getByRole('checkbox', { name: 'Read the audit trail' }).press('Space');
  await expect(page.getByRole('checkbox', { name: 'Change what roles may do' })).toBeDisabled();
  await page.getByRole('button', { name: 'See what changes' }).press('Enter');
  await expect(heading(page)).toContainText('What changes');
  await expect(page.getByRole('listitem').filter({ hasText: 'May no longer see every order' })).toBeVisible();
  await expect(page.getByRole('listitem').filter({ hasText: 'May now read the audit trail' })).toBeVisible();

  // Back to the form, where everything stands as it was left.
  await page.getByRole('link', { name: 'Back to the form' }).press('Enter');
  await expect(page.getByRole('checkbox', { name: 'Read the audit trail' })).toBeChecked();
  await expect(page.getByRole('checkbox', { name: 'See every order' })).not.toBeChecked();
  await page.getByRole('button', { name: 'See what changes' }).press('Enter');
  await page.getByRole('button', { name: 'Save the role' }).press('Enter');
  await expect(page).toHaveURL('/roles');
  await expect(page.getByText(`${role.name} is changed.`)).toBeVisible();

  await page.goto(`/roles/${role.code}/delete`);
  await page.getByRole('button', { name: 'Delete the role' }).press('Enter');
  await expect(page.getByText('The role is deleted.')).toBeVisible();
  await expect(page.getByText(role.code)).toHaveCount(0);
});

test('is told what is wrong with a role, field by field', async ({ page }) => {
  await arrive(page, '/roles/new');
  await page.getByLabel('Code').fill('1st');
  await page.getByRole('button', { name: 'Make the role' }).press('Enter');
  await expect(page.getByRole('alert')).toContainText('begin with a letter');
  await expect(page.getByLabel('Code')).toHaveValue('1st');
  await expect(page.getByLabel('Code')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByLabel('Name', { exact: true })).toHaveAttribute('aria-invalid', 'true');
});

test('sees what somebody else changed meanwhile', async ({ page }) => {
  const role = newRole();
  await arrive(page, '/roles');
  await make(page, role);
  await page.goto(`/roles/${role.code}`);
  await page.getByRole('checkbox', { name: 'Read the audit trail' }).check();

  const elsewhere = await page.context().newPage();
  await elsewhere.goto(`/roles/${role.code}`);
  await elsewhere.getByLabel('Name', { exact: true }).fill(`${role.name} two`);
  await elsewhere.getByRole('button', { name: 'See what changes' }).click();
  await elsewhere.getByRole('button', { name: 'Save the role' }).click();
  await expect(elsewhere.getByText('is changed.')).toBeVisible();
  await elsewhere.close();

  await page.getByRole('button', { name: 'See what changes' }).click();
  await expect(page.getByText(`${root.full_name} changed this role`)).toBeVisible();
  await expect(page.getByText(`${role.name} two, not ${role.name}`)).toBeVisible();
  await page.getByRole('button', { name: 'Save the role' }).click();
  await expect(page.getByText(`${role.name} two is changed.`)).toBeVisible();
  await page.goto(`/roles/${role.code}/delete`);
  await page.getByRole('button', { name: 'Delete the role' }).click();
  await expect(page.getByText('The role is deleted.')).toBeVisible();
});
