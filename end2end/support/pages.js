// Every page, and who looks at it. A page that is added to the program is added here.
import { admin, member } from './accounts.js';
import { inviteForALink, registerForALink } from './letters.js';

/** The address of somebody else's page, read from the people list. */
async function somebody(page) {
  await page.goto('/people');
  return page.locator('a[href^="/people/"]').first().getAttribute('href');
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
  { name: 'a person', path: somebody, as: admin },
  { name: 'account', path: '/account', as: admin },
  { name: 'password', path: '/account/password', as: admin },
  { name: 'sessions', path: '/account/sessions', as: admin },
  { name: 'API keys', path: '/account/api-keys', as: admin },
  { name: 'recent events', path: '/account/events', as: admin },
  { name: 'second factor', path: '/account/second-factor', as: member },
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
