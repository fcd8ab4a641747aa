import { PhotoView } from '@hili/contract';
import { expect, it } from 'vitest';
import { problem } from './answers.ts';
import { openObjects } from './open-files.ts';
import { openPageApp } from './page-app.ts';

const { app, visit } = await openPageApp();

/** Reads events of a stream until one fits. */
async function readEvents(response: Response, fits: (event: string, data: unknown) => boolean) {
  const seen: { event: string; data: unknown }[] = [];
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`expected an event but the stream ended after ${JSON.stringify(seen)}`);
      text += value;
      const blocks = text.split('\n\n');
      text = blocks.pop() as string;
      for (const block of blocks) {
        const event = /^event: (.*)$/m.exec(block)?.[1];
        if (!event) continue;
        const data: unknown = JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? 'null');
        seen.push({ event, data });
        if (fits(event, data)) return;
      }
    }
  };
  await next();
  await reader.cancel();
  return seen;
}

it('sends all that there is on connecting, then every change, and forgets a page that has gone', async () => {
  const visitor = await visit();
  const first = await visitor.uploaded();
  await visitor.done(first.id);
  const stream = await visitor.call('GET', '/api/v1/events');
  expect(stream.headers.get('content-type')).toBe('text/event-stream');
  const shown = Promise.withResolvers<void>();
  const reading = readEvents(stream, (event, data) => {
    const photo = event === 'photo' ? PhotoView.parse(data) : first;
    if (photo.id !== first.id && photo.job.state === 'done') shown.resolve();
    return event === 'gone';
  });
  const second = await visitor.uploaded();
  await shown.promise;
  await visitor.call('DELETE', `/api/v1/photos/${second.id}`);
  const seen = await reading;
  const photosSeen = seen.filter(({ event }) => event === 'photo').map(({ data }) => PhotoView.parse(data));
  expect(photosSeen[0]?.id).toBe(first.id);
  expect(new Set(photosSeen.filter(({ id }) => id === second.id).map(({ job }) => job.state))).toContain('done');
  expect(seen.filter(({ event }) => event === 'me').length).toBeGreaterThanOrEqual(2);
  expect(seen.at(-1)).toEqual({ event: 'gone', data: { id: second.id } });
  const texts = seen.map((each) => JSON.stringify(each));
  expect(new Set(texts).size, 'nothing is sent twice').toBe(texts.length);
});

it('shows one person twenty live views at once, and another when one of them has gone', async () => {
  const visitor = await visit();
  await visitor.call('GET', '/api/v1/me');
  const away = Array.from({ length: 21 }, () => new AbortController());
  const open = (n: number) => visitor.call('GET', '/api/v1/events', { signal: (away[n] as AbortController).signal });
  for (let n = 0; n < 20; n++) expect((await open(n)).status).toBe(200);
  const refused = await open(20);
  expect(refused.headers.get('retry-after')).toBe('10');
  expect((await problem(refused)).code).toBe('RATE_LIMITED');
  const other = new AbortController();
  expect((await (await visit()).call('GET', '/api/v1/events', { signal: other.signal })).status).toBe(200);
  away[0]?.abort();
  await expect.poll(async () => (await open(20)).status, { timeout: 5000, interval: 200 }).toBe(200);
  for (const each of [...away, other]) each.abort();
});

it('keeps no listener and no descriptor of pages and downloads that were closed', async () => {
  const visitor = await visit();
  const { id } = await visitor.uploaded();
  const { originalUrl } = await visitor.done(id);
  for (let i = 0; i < 30; i++) {
    const away = new AbortController();
    const stream = await visitor.call('GET', '/api/v1/events', { signal: away.signal });
    await stream.body!.getReader().read();
    away.abort();
    await fetch(app.url + originalUrl, { method: 'HEAD' });
    const download = await fetch(app.url + originalUrl);
    await download.body!.cancel();
  }
  for (let i = 0; i < 100 && (app.listeners() > 0 || openObjects() > 0); i++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect([app.listeners(), openObjects()]).toEqual([0, 0]);
});
