import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, HiliError } from '@hili/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApp, type TestApp } from '../../server/test/test-app.ts';
import { OLD_PHOTO, sizeOf } from './photos.ts';

let app: TestApp;

beforeAll(async () => {
  app = await openTestApp();
  await app.startWorker();
});
afterAll(() => app.close());

it('restores a photo as a guest, sees it in the list, runs it again and deletes it', async () => {
  const hili = connect(app.url);
  expect(await hili.me()).toMatchObject({ kind: 'guest', photosLeft: 3 });
  const file = await openAsBlob(OLD_PHOTO);
  const photo = await hili.upload(file, { recipe: 'sr', scale: 1, format: 'webp' }, { name: 'home.jpg' });
  expect(photo).toMatchObject({ name: 'home.jpg', format: 'jpeg', width: 1024, height: 788 });
  const states: string[] = [];
  const done = await hili.wait(photo.id, { every: 50, onChange: ({ job }) => states.push(job.state) });
  expect(states.at(-1)).toBe('done');
  const path = join(app.folder, 'new.webp');
  await writeFile(path, await hili.result(done));
  expect(await sizeOf(path)).toEqual({ format: 'webp', width: 1024, height: 788 });

  expect(await hili.prints(photo.id)).toEqual([]);
  const crop = { left: 0, top: 0, width: 1, height: 0.5 };
  await hili.again(photo.id, { recipe: 'sr', rotate: 180, crop, longEdge: 1200, format: 'jpeg', quality: 80 });
  expect((await hili.wait(photo.id, { every: 50 })).job.result).toMatchObject({ format: 'jpeg', width: 1200 });
  const colours = [
    { x: 0.18, y: 0.84, colour: '#a04030' },
    { x: 0.8, y: 0.1, colour: '#6090c0' },
  ];
  const told = await hili.again(photo.id, { recipe: 'sr,repair,colour', scale: 1, colours });
  expect(told.job.options).toEqual({ scale: 1, colours });
  await hili.cancel(photo.id);
  expect((await hili.photos()).map(({ id }) => id)).toEqual([photo.id]);
  await hili.remove(photo.id);
  expect(await hili.photos()).toEqual([]);
});

it('keeps guests apart: another one does not see the photo', async () => {
  const hili = connect(app.url);
  const { id } = await hili.upload(await openAsBlob(OLD_PHOTO), { recipe: 'sr', scale: 1 });
  const other = connect(app.url);
  await other.me();
  await expect(other.photo(id)).rejects.toMatchObject({ name: 'HiliError', code: 'PHOTO_NOT_FOUND' });
  await hili.cancel(id).catch((error: HiliError) => expect(error).toBeInstanceOf(HiliError));
});

it("throws the API's own code, with the field at fault", async () => {
  const hili = connect(app.url);
  await expect(hili.upload(new Blob(['text']), { recipe: 'sr' })).rejects.toMatchObject({ code: 'UNSUPPORTED_TYPE' });
  const wrong = hili.upload(await openAsBlob(OLD_PHOTO), { recipe: 'sr', longEdge: 7000 });
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_REQUEST', field: 'longEdge' });
  await expect(connect('http://127.0.0.1:1').me()).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

it('looks at a picture before it is paid, and makes photos of its prints', async () => {
  const hili = connect(app.url);
  const draft = await hili.draft(await openAsBlob(OLD_PHOTO), { name: '奶奶.jpg' });
  expect((await hili.me()).photosLeft).toBe(3);
  const preview = await hili.preview(draft);
  expect(preview.type).toBe('image/jpeg');
  expect(preview.size).toBeGreaterThan(10_000);
  expect(await hili.prints(draft)).toEqual([]);
  const photo = await hili.restore(draft, { recipe: 'sr', scale: 1, crop: { left: 0, top: 0, width: 1, height: 0.5 } });
  expect(photo).toMatchObject({ name: '奶奶.jpg', width: 1024 });
  expect((await hili.wait(photo.id, { every: 50 })).job.result).toMatchObject({ width: 1024, height: 394 });
  await hili.discard(draft);
  await expect(hili.preview(draft)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  expect((await hili.photos()).map(({ id }) => id)).toEqual([photo.id]);
});

/** A line to the server that loses the first answers to such requests, after the server has given them. */
async function openLine(ending: string, losses: number) {
  let lost = 0;
  const line = createServer((incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    const onward = request(app.url + path, { method, headers }, (answer) => {
      if (method === 'POST' && path?.endsWith(ending) && lost < losses) {
        lost += 1;
        outgoing.destroy();
        answer.resume();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await once(line.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(line.address() as AddressInfo).port}`,
    lost: () => lost,
    close: () => line.close(),
  };
}

it('sends a photo again whose answer was lost, and has it made and charged once', async () => {
  const line = await openLine('/photos', 2);
  const hili = connect(line.url);
  const photo = await hili.upload(await openAsBlob(OLD_PHOTO), { recipe: 'sr' });
  expect(line.lost()).toBe(2);
  expect((await hili.photos()).map(({ id }) => id)).toEqual([photo.id]);
  expect((await hili.me()).photosLeft).toBe(2);
  await hili.remove(photo.id);
  line.close();
});

it('asks once more for another run whose answer was lost, and has it made and charged once', async () => {
  const line = await openLine('/jobs', 2);
  const hili = connect(line.url);
  const { id } = await hili.upload(await openAsBlob(OLD_PHOTO), { recipe: 'sr', scale: 1 });
  await hili.wait(id, { every: 50 });
  const { photosLeft } = await hili.me();
  await hili.again(id, { recipe: 'sr', scale: 2 });
  expect(line.lost()).toBe(2);
  await hili.wait(id, { every: 50 });
  // Nothing was left to improve before, so this run is the first that costs something.
  expect((await hili.me()).photosLeft).toBe(photosLeft - 1);
  await hili.remove(id);
  line.close();
});

it('stops waiting when its signal is aborted', async () => {
  const hili = connect(app.url);
  const { id } = await hili.upload(await openAsBlob(OLD_PHOTO), { recipe: 'sr' });
  const stop = new AbortController();
  const waiting = hili.wait(id, { signal: stop.signal, every: 10_000 });
  setTimeout(() => stop.abort(new Error('enough')), 100);
  await expect(waiting).rejects.toThrow('enough');
});
