import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Who signs in at the provider. */
export interface Claims {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name?: string;
}

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An OpenID Connect provider (Core 1.0, code flow with PKCE) with one client, whose user agrees at once. */
export async function openOidcProvider() {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const codes = new Map<string, { nonce: string | null; challenge: string | null }>();
  let claims: Claims = { sub: '1', email: 'one@example.com', email_verified: true };
  let isForged = false;
  let issuer = '';

  const server = createServer(async (request, response) => {
    const url = new URL(String(request.url), issuer);
    const answer = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration')
      return answer({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (url.pathname === '/jwks')
      return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: '1', alg: 'RS256', use: 'sig' }] });
    if (url.pathname === '/token') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const form = new URLSearchParams(body);
      const granted = codes.get(String(form.get('code')));
      codes.delete(String(form.get('code')));
      if (!granted || !form.get('code_verifier')) return answer({ error: 'invalid_grant' }, 400);
      const seconds = Math.floor(Date.now() / 1000);
      const token = { ...claims, iss: issuer, aud: 'hili', iat: seconds, exp: seconds + 300, nonce: granted.nonce };
      const words = `${base64url({ alg: 'RS256', kid: '1' })}.${base64url(token)}`;
      const signature = createSign('RSA-SHA256')
        .update(words)
        .sign(isForged ? stranger : privateKey, 'base64url');
      return answer({
        access_token: 'access',
        refresh_token: 'refresh',
        token_type: 'Bearer',
        expires_in: 300,
        id_token: `${words}.${signature}`,
      });
    }
    return answer({}, 404);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    issuer,
    /** From now on this person signs in; `forged` signs with a key that is not the provider's. */
    becomes(person: Claims, forged = false) {
      claims = person;
      isForged = forged;
    },
    /** What the browser does at the provider: the user agrees and is sent back. @returns where to. */
    agree(address: string): string {
      const asked = new URL(address).searchParams;
      const code = randomBytes(16).toString('hex');
      codes.set(code, { nonce: asked.get('nonce'), challenge: asked.get('code_challenge') });
      const back = new URL(String(asked.get('redirect_uri')));
      back.searchParams.set('code', code);
      back.searchParams.set('state', String(asked.get('state')));
      return back.href;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
