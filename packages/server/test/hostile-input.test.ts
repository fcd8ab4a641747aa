import { connect } from 'node:net';
import { afterAll, expect, it } from 'vitest';
import { newEmail, openBrowser } from './browser.ts';
import { openTestApp } from './test-app.ts';

const app = await openTestApp({ DEMO_PAYMENTS: 'on' });
afterAll(app.close);

const WISH = { package: 'photos-3', provider: 'wechat-sim' };
async function buyer() {
  const browser = openBrowser(app);
  await browser.enter(newEmail());
  const order = (await (await browser.api('POST', '/orders', WISH)).json()) as {
    id: string;
    payment: { code: string };
  };
  return { ...browser, orderId: order.id, code: order.payment.code };
}
const told = async (response: Response) => {
  const { code } = (await response.json()) as { code: string };
  return [response.status, code];
};

/** The first line of the answer to a request as it is written here. */
function speak(lines: readonly string[], trickle = false): Promise<string> {
  const { port } = new URL(app.url);
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(port), host: '127.0.0.1' });
    const timer = trickle ? setInterval(() => socket.write('x'), 500) : undefined;
    socket.on('error', reject);
    socket.on('data', (data) => {
      clearInterval(timer);
      socket.destroy();
      resolve(String(data).split('\r\n')[0] ?? '');
    });
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

it('takes what is no id for the id of nothing, and no text with NUL', async () => {
  const { api, orderId } = await buyer();
  expect(await told(await api('GET', `/orders/${'-'.repeat(36)}`))).toEqual([404, 'DATA_NOT_FOUND']);
  for (const path of ['/orders/%00', '/orders/%00/receipt', '/photos/zip?ids=%00'])
    expect(await told(await api('GET', path)), path).toEqual([400, 'BAD_REQUEST']);
  const wish = { title: 'Grandmother', email: 'a@b.example', taxNumber: '0\0' };
  expect(await told(await api('POST', `/orders/${orderId}/fapiao`, wish))).toEqual([400, 'BAD_REQUEST']);
  expect(await told(await api('POST', '/photos', { upload: 'x\0', recipe: 'sr' }))).toEqual([400, 'BAD_REQUEST']);
});

it('reads no list within a list, however deep', async () => {
  const { cookies } = await buyer();
  const body = `{"upload":"x","recipe":${'['.repeat(7000)}${']'.repeat(7000)}}`;
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', cookie };
  const response = await fetch(`${app.url}/api/v1/photos`, { method: 'POST', body, headers });
  expect(await told(response)).toEqual([400, 'BAD_REQUEST']);
});

it('lets no body of a notice or of a form trickle for longer than any JSON', async () => {
  const post = (path: string) =>
    speak([`POST ${path} HTTP/1.1`, 'host: localhost', 'sec-fetch-site: same-origin', 'content-length: 1000'], true);
  const answers = await Promise.all(['/api/v1/payments/wechat-sim/notify', '/demo/wechat'].map(post));
  expect(answers).toEqual(['HTTP/1.1 400 Bad Request', 'HTTP/1.1 400 Bad Request']);
}, 30_000);

it('simulates payments only for who calls this machine by its own name', async () => {
  const ask = (host: string) => speak(['GET /api/v1/packages HTTP/1.1', `host: ${host}`, `origin: http://${host}`]);
  for (const host of ['localhost:3000', '127.0.0.1', '[::1]:3000'])
    expect(await ask(host), host).toBe('HTTP/1.1 200 OK');
  for (const host of ['evil.example', 'localhost.evil.example:3000', '127.0.0.1.evil.example', '10.0.0.7', 'a b'])
    expect(await ask(host), host).toMatch(/^HTTP\/1\.1 40[03] /);
});

it('knows only the acts that the page of a simulated payment has', async () => {
  const { api, orderId, code } = await buyer();
  for (const act of ['constructor', '__proto__', 'toString', 'PAY'])
    await fetch(`${app.url}/demo/wechat`, {
      method: 'POST',
      body: new URLSearchParams({ code, act }),
      headers: { 'sec-fetch-site': 'same-origin' },
      redirect: 'manual',
    });
  const { state } = (await (await api('POST', `/orders/${orderId}/close`)).json()) as { state: string };
  expect(state).toBe('closed');
  expect(await app.broken()).toEqual([]);
});
