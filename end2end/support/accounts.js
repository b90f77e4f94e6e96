// The demo's accounts, as the server wrote them at its first start.
import { readFileSync } from 'node:fs';

const file = process.env.COUNTERSIGN_DEMO_ACCOUNTS;
if (!file) throw new Error('COUNTERSIGN_DEMO_ACCOUNTS names no file; `make test` sets it to demo-accounts.json.');
const accounts = JSON.parse(readFileSync(file, 'utf8'));

function first(...roles) {
  const account = roles.map((role) => accounts.find((one) => one.role === role)).find(Boolean);
  if (!account) throw new Error(`The demo has no account with one of the roles ${roles.join(', ')}.`);
  return { ...account, firstName: account.full_name.split(' ')[0] };
}

/** May see and manage people. */
export const admin = first('USER_ADMIN');
/** May change what roles may do. */
export const root = first('SUPER_ADMIN');
/** May not see people. */
export const member = first('PIN', 'CUSTOMER');
/** An account of its own for a journey that changes how one signs in. */
export function named(username) {
  const account = accounts.find((one) => one.username === username);
  if (!account) throw new Error(`The demo has no account ${username}.`);
  return { ...account, firstName: account.full_name.split(' ')[0] };
}
