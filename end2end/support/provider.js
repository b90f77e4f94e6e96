// A provider of OpenID Connect for the journeys, on another site than the program (localhost instead of 127.0.0.1): a page to
// sign in on, and tokens that are really signed. Run as a program, it prints its address: node provider.js
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';

const CLIENT = 'countersign';
const SECRET = 'a secret of the journeys';

const encode = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const escape = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Starts the provider; answers its address. */
export async function startProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map();
  let issuer;

  const signed = (claims) => {
    const unsigned = `${encode({ alg: 'RS256', kid: 'one' })}.${encode(claims)}`;
    return `${unsigned}.${sign('sha256', Buffer.from(unsigned), privateKey).toString('base64url')}`;
  };

  const answers = {
    '/.well-known/openid-configuration': () => ({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
      authorization_response_iss_parameter_supported: true,
    }),
    '/keys': () => ({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] }),
    // What was asked for stands in the form, as if it were a session.
    '/authorize': (asked) => `<!doctype html><html lang="en"><title>Acme</title><h1>Acme</h1><form action="/decide">
      ${[...asked].map(([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join('')}
      <label>E-mail at Acme <input name="email" type="email"></label>
      <button name="decision" value="yes">Sign in at Acme</button> <button name="decision" value="no">Cancel</button></form>`,
    '/decide': (asked) => {
      const back = new URL(asked.get('redirect_uri'));
      back.searchParams.set('state', asked.get('state'));
      back.searchParams.set('iss', issuer);
      if (asked.get('decision') === 'yes') {
        const code = randomBytes(16).toString('hex');
        codes.set(code, asked);
        back.searchParams.set('code', code);
      } else {
        back.searchParams.set('error', 'access_denied');
      }
      return back;
    },
    '/token': (form, head) => {
      const known = `Basic ${Buffer.from(`${CLIENT}:${SECRET.replaceAll(' ', '+')}`).toString('base64')}`;
      const asked = codes.get(form.get('code'));
      codes.delete(form.get('code'));
      const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      if (head !== known || !asked || challenge !== asked.get('code_challenge')) return null;
      if (form.get('redirect_uri') !== asked.get('redirect_uri')) return null;
      const now = Math.floor(Date.now() / 1000);
      const email = asked.get('email');
      const claims = { iss: issuer, aud: CLIENT, sub: `acme|${email}`, iat: now, exp: now + 300, nonce: asked.get('nonce') };
      return { token_type: 'Bearer', access_token: 'x', id_token: signed({ ...claims, email, email_verified: true }) };
    },
  };

  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url, issuer);
      const asked = request.method === 'POST' ? new URLSearchParams(Buffer.concat(chunks).toString()) : url.searchParams;
      const answer = answers[url.pathname]?.(asked, request.headers.authorization);
      // Browsers ask for an icon on their own.
      if (answer === undefined) response.writeHead(204).end();
      else if (answer === null) response.writeHead(400).end('{"error":"invalid_grant"}');
      else if (answer instanceof URL) response.writeHead(303, { location: answer.href }).end();
      else if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/html' }).end(answer);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://localhost:${server.address().port}`;
  return issuer;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) console.log(await startProvider());
