// Every page, and who looks at it. A page that is added to the program is added here.
import { admin, member, root } from './accounts.js';
import { inviteForALink, registerForALink } from './letters.js';

/** The address of somebody else's page, read from the people list. */
async function somebody(page) {
  await page.goto('/people');
  return page.locator('main a[href^="/people/"]').first().getAttribute('href');
}

/** The address of a file that was checked: some rows are right and some wrong. */
async function checkedFile(page) {
  const rows = ['username,full_name,email,roles', 'im.checked,"A Name, and more",im.checked@example.com,PIN'];
  for (let row = 0; row < 8; row += 1) rows.push(`x,${'Longname'.repeat(row + 1)},not an address ${row},NOBODY`);
  const answer = await page.request.post('/do/upload-people', {
    headers: { 'sec-fetch-site': 'same-origin' },
    multipart: { existing: 'update', without_password: 'wait', file: { name: 'people of the whole company.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) } },
    maxRedirects: 0,
  });
  return answer.headers().location;
}

/** The page that asks before somebody who is suspended is erased. */
async function erasing(page) {
  await page.goto('/people?status=suspended');
  return `${await page.locator('main a[href^="/people/"]').first().getAttribute('href')}/erase`;
}

/** A part of somebody else's page. */
function partOfSomebody(part) {
  return async (page) => `${await somebody(page)}/${part}`;
}

/** The page that asks before something is done to many people. */
async function chosen(page) {
  await page.goto('/people');
  await page.evaluate(() => {
    document.querySelectorAll('[name="people[]"]').forEach((tick, place) => (tick.checked = place < 12));
    document.querySelector('button[value="suspend"]').click();
  });
  await page.waitForURL(/\/people\/selected\?change=/);
  return new URL(page.url()).pathname + new URL(page.url()).search;
}

/** The address of a page behind a link, from a letter to somebody who was registered for it. */
function byLetter(path) {
  return (page) => registerForALink(page, path);
}

export const pages = [
  { name: 'sign in', path: '/login' },
  { name: 'register', path: '/register' },
  { name: 'forgotten password', path: '/forgot-password' },
  { name: 'new password', path: byLetter('/reset-password'), as: admin },
  { name: 'verifying an address', path: byLetter('/verify-email'), as: admin },
  { name: 'accepting an invitation', path: inviteForALink, as: admin },
  { name: 'a link that is over', path: '/accept-invitation?token=over', status: 410 },
  { name: 'dashboard of an admin', path: '/', as: admin },
  { name: 'dashboard of a member', path: '/', as: member },
  { name: 'people', path: '/people', as: admin },
  { name: 'people, nobody found', path: '/people?search=nobody-has-this-name', as: admin },
  { name: 'people, filtered', path: '/people?search=a&status=active&last_login=within_30_days&sort=-login_count', as: admin },
  { name: 'people, chosen', path: chosen, as: admin },
  { name: 'a new person', path: '/people/new', as: admin },
  { name: 'a person', path: somebody, as: admin },
  { name: 'editing a person', path: partOfSomebody('edit'), as: admin },
  { name: 'how a person signs in', path: partOfSomebody('signing-in'), as: admin },
  { name: 'the history of a person', path: partOfSomebody('history'), as: admin },
  { name: 'notes about a person', path: partOfSomebody('notes'), as: admin },
  { name: 'erasing a person', path: erasing, as: admin },
  { name: 'erasing a person who is not suspended', path: partOfSomebody('erase'), as: admin },
  { name: 'import', path: '/people/import', as: admin },
  { name: 'a file that was checked', path: checkedFile, as: admin },
  { name: 'roles', path: '/roles', as: root },
  { name: 'a role', path: '/roles/STAFF', as: root },
  { name: 'a new role', path: '/roles/new?copy=STAFF', as: root },
  { name: 'what changes in a role', path: '/roles/STAFF/review?version=1&name=Crew&permission=users.view&permission=chat.use', as: root },
  { name: 'a role that cannot be', path: '/roles/STAFF/review?version=1&name=', as: root, status: 422 },
  { name: 'account', path: '/account', as: admin },
  { name: 'preferences', path: '/account/preferences', as: admin },
  { name: 'another address', path: '/account/email', as: admin },
  { name: 'a link to an address that is over', path: '/approve-email?token=over', status: 410 },
  { name: 'password', path: '/account/password', as: admin },
  { name: 'sessions', path: '/account/sessions', as: admin },
  { name: 'API keys', path: '/account/api-keys', as: admin },
  { name: 'recent events', path: '/account/events', as: admin },
  { name: 'your data', path: '/account/data', as: admin },
  { name: 'second factor', path: '/account/second-factor', as: member },
  { name: 'audit trail', path: '/audit', as: admin },
  { name: 'audit trail, filtered', path: '/audit?action=session.&outcome=refused', as: admin },
  { name: 'audit trail, a wrong filter', path: '/audit?ip=nonsense&from=yesterday', as: admin, status: 422 },
  { name: 'refused', path: '/people', as: member, status: 403 },
  { name: 'no such page', path: '/there-is-no-such-page', as: admin, status: 404 },
  { name: 'components', path: '/ui', as: admin },
  { name: 'API', path: '/api/docs', as: admin },
  { name: 'mail box', path: '/mailbox', as: admin },
];

/** Goes to a page of the list, and is sure that it is that page. Returns the browser's answer. */
export async function visit(page, signedIn, { path, as, status = 200 }) {
  if (as) await page.context().addCookies(await signedIn(as));
  const address = typeof path === 'function' ? await path(page) : path;
  const answer = await page.goto(address);
  if (answer.status() !== status) throw new Error(`${address} answered ${answer.status()} instead of ${status}`);
  await page.locator('h1').first().waitFor();
  return answer;
}
