// What pages load: only our own files, and no wasm where nothing needs it.
import { expect, test } from '../../support/test.js';

test('the sign-in page is small: no wasm, nothing from elsewhere, under 150 kB', async ({ page, baseURL }) => {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  let bytes = 0;
  client.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  const addresses = [];
  page.on('request', (request) => addresses.push(request.url()));
  await page.goto('/login');
  await page.waitForLoadState('networkidle');
  expect(addresses.filter((address) => address.includes('.wasm'))).toEqual([]);
  expect(addresses.filter((address) => !address.startsWith(baseURL) && !address.startsWith('data:'))).toEqual([]);
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(150_000);
});

test('pages carry a strict policy with a nonce of their own', async ({ page }) => {
  const policies = [];
  for (let time = 0; time < 2; time += 1) {
    const answer = await page.goto('/login');
    policies.push(answer.headers()['content-security-policy']);
  }
  for (const policy of policies) {
    expect(policy).toMatch(/'nonce-[^']+'/);
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).toContain("frame-ancestors 'none'");
  }
  expect(policies[0]).not.toBe(policies[1]);
});
