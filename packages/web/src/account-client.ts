import type {
  AccountView,
  Challenge,
  Language,
  MeView,
  PasskeyView,
  Proof,
  ProviderAddress,
  ResetDone,
  SignInWays,
} from '@hili/contract';
import { RequestError, request } from './client.ts';
import { wayBack } from './come-back.ts';

export const getWays = () => request<SignInWays>('GET', '/sign-in-ways');
export const getAccount = () => request<AccountView>('GET', '/account');

/** An address as it was typed. @throws RequestError ADDRESS where it has no end as `name@example`, which browsers let pass. */
function whole(email: string): string {
  if (!/@[^@\s]+\.[^@\s.]{2,}\s*$/.test(email)) throw new RequestError('ADDRESS');
  return email;
}

/** Does the work that the server asks for before it sends a mail: about a second of this machine. */
async function prove(): Promise<Proof> {
  if (!globalThis.crypto?.subtle) throw new RequestError('INSECURE');
  const [challenge, { solveChallenge }, { deriveKey }] = await Promise.all([
    request<Challenge>('GET', '/proof'),
    import('altcha-lib'),
    import('altcha-lib/algorithms/web/pbkdf2'),
  ]);
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new RequestError('PROOF_INVALID');
  return { challenge, solution };
}

export const sendCode = async (email: string) =>
  request<void>('POST', '/codes', { email: whole(email), proof: await prove() });
export const sendResetLink = async (email: string) =>
  request<void>('POST', '/password/forgotten', { email: whole(email), proof: await prove() });
export const enterByCode = (email: string, code: string) => request<MeView>('POST', '/sign-in/code', { email, code });
export const enterByPassword = async (email: string, password: string) =>
  request<MeView>('POST', '/sign-in/password', { email: whole(email), password });
export const resetPassword = (token: string, password: string) =>
  request<ResetDone>('POST', '/password/reset', { token, password });
export const signOut = () => request<void>('POST', '/sign-out');

/** Goes to a provider's own page, which sends the browser back. */
export async function leaveFor(provider: 'wechat' | 'oidc'): Promise<void> {
  const { url } = await request<ProviderAddress>('POST', `/sign-in/${provider}`, { returnTo: wayBack() });
  location.assign(url);
}

/** Has the device answer a passkey's question. @throws RequestError PASSKEY_FAILED when it does not, or its owner waved it off. */
export async function askDevice<T>(
  ask: (webauthn: typeof import('@simplewebauthn/browser')) => Promise<T>,
): Promise<T> {
  const webauthn = await import('@simplewebauthn/browser');
  return ask(webauthn).catch(() => {
    throw new RequestError('PASSKEY_FAILED');
  });
}

export async function enterByPasskey(): Promise<MeView> {
  const optionsJSON = await request<never>('POST', '/sign-in/passkey/options');
  const response = await askDevice(({ startAuthentication }) => startAuthentication({ optionsJSON }));
  return request('POST', '/sign-in/passkey', { response });
}

export async function addPasskey(name: string): Promise<PasskeyView> {
  const optionsJSON = await request<never>('POST', '/account/passkeys/options');
  const response = await askDevice(({ startRegistration }) => startRegistration({ optionsJSON }));
  return request('POST', '/account/passkeys', { response, name });
}

export const removePasskey = (id: string) => request<void>('DELETE', `/account/passkeys/${id}`);
export const endSession = (id: string) => request<void>('DELETE', `/account/sessions/${id}`);
export const endOtherSessions = () => request<void>('DELETE', '/account/sessions');
export const sendEmailCode = async (email: string) => request<void>('POST', '/account/email', { email: whole(email) });
export const changeEmail = (email: string, code: string) =>
  request<AccountView>('PUT', '/account/email', { email, code });
export const changePassword = (password: string, current: string | undefined) =>
  request<void>('PUT', '/account/password', { password, ...(current !== undefined && { current }) });
export const changeAccount = (change: { language?: Language; mailWhenReady?: boolean }) =>
  request<AccountView>('PATCH', '/account', change);
export const deleteAccount = () => request<void>('DELETE', '/account', { confirm: 'DELETE' });
