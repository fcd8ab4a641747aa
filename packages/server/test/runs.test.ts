import { readFileSync } from 'node:fs';
import { PhotoView } from '@hili/contract';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { findOrCreateVisitor } from '../src/visitors.ts';
import { type Grant, grant } from '../src/wallets.ts';
import { problem } from './answers.ts';
import { type Browser, openBrowser } from './browser.ts';
import { makePng, oldPhoto } from './pictures.ts';
import { openTestApp, type TestApp } from './test-app.ts';

let app: TestApp;
const small = makePng(96, 64, 0x33);
const file = () => new Blob([new Uint8Array(small)]);
/** Takes some seconds: enough for another request to come meanwhile. */
const slow = () => new Blob([new Uint8Array(readFileSync(oldPhoto))]);

beforeAll(async () => {
  app = await openTestApp({ FREE_PER_DAY: '20', FREE_PER_ADDRESS: '1000' });
  await app.startWorker();
});
afterAll(() => app.close());
afterEach(async () => expect(await app.broken()).toEqual([]));

const view = async (response: Response) => PhotoView.parse(await response.json());

async function ended(browser: Browser, id: string): Promise<PhotoView> {
  for (let i = 0; i < 400; i++) {
    const photo = await view(await browser.api('GET', `/photos/${id}`));
    if (photo.job.state === 'done' || photo.job.state === 'failed') return photo;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('expected a job that ends within 40 s');
}

/** Somebody with a photo that is done. */
async function withPhoto(fields: Record<string, string | Blob> = {}) {
  const browser = openBrowser(app);
  const response = await browser.upload({ recipe: 'sr', file: file(), ...fields });
  expect(response.status).toBe(201);
  return { browser, photo: await ended(browser, (await view(response)).id) };
}
const again = (browser: Browser, id: string, wish: object = { recipe: 'sr', scale: 4 }) =>
  browser.api('POST', `/photos/${id}/jobs`, wish);

/** Gives a guest bought photos. */
async function give(browser: Browser, lot: Partial<Grant>) {
  await browser.me();
  const cookie = browser.cookies.get('hili');
  const visitor = await findOrCreateVisitor(app.db, app.keys, cookie, '127.0.0.1', app.clock());
  const walletId = visitor.walletId;
  const bought = { walletId, credits: 5, source: 'purchase', expiresAt: null, key: `order ${walletId}` } as const;
  await grant(app.db, { ...bought, actor: 'test', ...lot }, app.clock());
}

it('turns, cuts and enlarges to a target as asked, keeps the settings with the job, and shows what went in', async () => {
  const wish = {
    rotate: '90',
    crop: '0,0,1,0.5',
    longEdge: '150',
    srStrength: '0',
    texture: '0.5',
    format: 'jpeg',
    quality: '70',
  };
  const { photo } = await withPhoto(wish);
  expect(photo.job.options).toEqual({
    ...{ rotate: 90, crop: { left: 0, top: 0, width: 1, height: 0.5 }, longEdge: 150, srStrength: 0, texture: 0.5 },
    ...{ format: 'jpeg', quality: 70 },
  });
  expect(photo).toMatchObject({ width: 96, height: 64 });
  expect(photo.job.result).toMatchObject({ format: 'jpeg', width: 150, height: 113 });
  const before = await fetch(app.url + photo.job.result?.beforeUrl);
  expect(before.headers.get('content-type')).toBe('image/jpeg');
  expect(await sharp(Buffer.from(await before.arrayBuffer())).metadata()).toMatchObject({ width: 64, height: 48 });
});

it('says why a photo got no new colours, and gives it some when it is asked for them all the same', async () => {
  const [left, right] = ['#b03020', '#2060a0'].map(
    (background) => ({ width: 48, height: 64, channels: 3, background }) as const,
  );
  const colours = await sharp({ create: { ...left!, width: 96 } })
    .composite([{ input: { create: right! }, left: 48, top: 0 }])
    .png()
    .toBuffer();
  const recipe = 'sr,repair,colour';
  const { browser, photo } = await withPhoto({ recipe, file: new Blob([new Uint8Array(colours)]) });
  const noteOf = ({ job }: PhotoView) => job.result?.steps.map(({ name, note }) => [name, note]);
  expect(noteOf(photo)).toEqual([
    ['repair', null],
    ['colour', 'coloured'],
    ['sr', null],
  ]);
  const refused = await again(browser, photo.id, { recipe, recolour: 'maybe' });
  expect(await problem(refused)).toMatchObject({ code: 'BAD_REQUEST', field: 'recolour' });
  expect((await again(browser, photo.id, { recipe, recolour: true })).status).toBe(201);
  const recoloured = await ended(browser, photo.id);
  expect(recoloured.job.options).toEqual({ recolour: true });
  expect(noteOf(recoloured)).toContainEqual(['colour', null]);
  expect(recoloured.job.result?.changed).toBe(true);
});

it('keeps true colours at places with the job, shows them, and gives them to what is seen there', async () => {
  const grey = await sharp(oldPhoto).resize(320).grayscale().png().toBuffer();
  const recipe = 'sr,repair,colour';
  const fields = { recipe, scale: '1', format: 'png' };
  const { browser, photo } = await withPhoto({ ...fields, file: new Blob([new Uint8Array(grey)]) });
  const redness = async ({ job }: PhotoView) => {
    const whole = Buffer.from(await (await fetch(app.url + job.result?.url)).arrayBuffer());
    const part = await sharp(whole).extract({ left: 50, top: 200, width: 16, height: 16 }).toBuffer();
    const [red, , blue] = (await sharp(part).stats()).channels;
    return red!.mean - blue!.mean;
  };
  const colours = ['0.18,0.84,#A04030', '0.8,0.1,#6090c0'];
  expect((await again(browser, photo.id, { ...fields, colours })).status).toBe(201);
  const told = await ended(browser, photo.id);
  expect(told.job.options.colours).toEqual([
    { x: 0.18, y: 0.84, colour: '#a04030' },
    { x: 0.8, y: 0.1, colour: '#6090c0' },
  ]);
  expect(await redness(told)).toBeGreaterThan((await redness(photo)) + 30);
  expect(told.rerunsLeft).toBe(1);

  const wanted = 'expected at most 24 of x,y,#rrggbb with x and y as fractions of the picture for colours but received';
  for (const [wrong, received] of [
    ['1.5,0,#123456', '"1.5,0,#123456"'],
    ['0.5,0.5,green', '"0.5,0.5,green"'],
    [[{ x: 0, y: 0, colour: '#123456' }], '"{}"'],
    [Array(25).fill('0,0,#123456'), `"${Array(4).fill('0,0,#123456').join()},0,0,#123456`],
  ] as const) {
    const answer = await problem(await again(browser, photo.id, { ...fields, colours: wrong }));
    expect(answer).toMatchObject({ code: 'BAD_REQUEST', field: 'colours' });
    expect(answer.detail).toContain(`${wanted} ${received}`);
  }
  expect(await view(await browser.api('GET', `/photos/${photo.id}`))).toMatchObject({ rerunsLeft: 1 });
});

it('takes settings of a run again from JSON, as numbers and lists', async () => {
  const { browser, photo } = await withPhoto();
  expect(photo.job.result?.beforeUrl).toBeNull();
  const wish = { recipe: 'sr', straighten: -2.5, crop: [0.1, 0.1, 0.8, 0.8], print: [20, 30], format: 'png' };
  expect((await again(browser, photo.id, wish)).status).toBe(201);
  const { job } = await ended(browser, photo.id);
  expect(job.options).toMatchObject({ straighten: -2.5, crop: { left: 0.1, width: 0.8 }, print: [20, 30] });
  expect(job.result?.width).toBeGreaterThan(250);
  const saved = await fetch(app.url + job.result?.downloadUrl);
  const { density = 0, width } = await sharp(Buffer.from(await saved.arrayBuffer())).metadata();
  // 30 mm of paper at most, whatever the picture's proportions.
  expect((25.4 * width) / density).toBeLessThan(30.5);
  expect((25.4 * width) / density).toBeGreaterThan(27);
});

it('says which setting is wrong, what was expected, and what it received', async () => {
  const browser = openBrowser(app);
  const wrong: [string, string, string][] = [
    ['rotate', '45', 'expected one of 0, 90, 180, 270 for rotate but received "45"'],
    [
      'crop',
      '0.5,0,0.6,1',
      'expected left,top,width,height as fractions of the picture for crop but received "0.5,0,0.6,1"',
    ],
    ['crop', '0,0,0,1', 'expected left,top,width,height as fractions of the picture for crop but received "0,0,0,1"'],
    ['straighten', '46', 'expected a number from -45 to 45 for straighten but received "46"'],
    ['straighten', 'NaN', 'expected a number from -45 to 45 for straighten but received "NaN"'],
    ['repairStrength', '1.01', 'expected a number from 0 to 1 for repairStrength but received "1.01"'],
    ['texture', '1.5', 'expected a number from 0 to 1 for texture but received "1.5"'],
    ['colourStrength', '', 'expected a number from 0 to 1 for colourStrength but received ""'],
    ['quality', '92.5', 'expected a whole number from 1 to 100 for quality but received "92.5"'],
    ['longEdge', '6001', 'expected a whole number from 16 to 6000 for longEdge but received "6001"'],
    ['print', '10', 'expected two sides from 20 to 1000 mm such as 100x150 for print but received "10"'],
    ['format', 'gif', 'expected one of jpeg, png, webp, avif for format but received "gif"'],
  ];
  for (const [field, value, detail] of wrong) {
    const answer = await problem(await browser.upload({ recipe: 'sr', [field]: value, file: file() }));
    expect(answer).toMatchObject({ code: 'BAD_REQUEST', field, detail });
  }
  expect((await browser.me()).photosLeft).toBe(20);
});

it('runs a photo again at no cost twice once it has been paid for, then charges', async () => {
  const browser = openBrowser(app);
  const first = await view(await browser.upload({ recipe: 'sr', file: file() }));
  expect(first.rerunsLeft).toBe(0);
  expect((await ended(browser, first.id)).rerunsLeft).toBe(2);
  for (const [rerunsLeft, photosLeft] of [
    [1, 19],
    [0, 19],
    [0, 18],
    [0, 17],
  ]) {
    expect((await again(browser, first.id)).status).toBe(201);
    expect((await ended(browser, first.id)).rerunsLeft).toBe(rerunsLeft);
    expect((await browser.me()).photosLeft).toBe(photosLeft);
  }
});

it('gives a run at no cost back when it is cancelled, or changed nothing', async () => {
  const { browser, photo } = await withPhoto();
  expect((await view(await again(browser, photo.id, { recipe: 'sr,repair', scale: 4 }))).rerunsLeft).toBe(1);
  await browser.api('POST', `/photos/${photo.id}/cancel`);
  const { job, rerunsLeft, result } = await ended(browser, photo.id);
  expect(job.result ?? null).toBeNull();
  expect(result?.changed).toBe(true);
  // What was there before still is.
  expect((await fetch(app.url + result?.url)).status).toBe(200);
  expect([job.state === 'failed' ? job.error : 'done', rerunsLeft]).toEqual(['CANCELLED', 2]);
  expect((await again(browser, photo.id, { recipe: 'sr', scale: 1, srStrength: 0 })).status).toBe(201);
  expect(await ended(browser, photo.id)).toMatchObject({ rerunsLeft: 2, result: { changed: false } });
  expect((await browser.me()).photosLeft).toBe(19);
});

it('lets one of many who ask at once have the run at no cost', async () => {
  const { browser, photo } = await withPhoto();
  const answers = await Promise.all(Array.from({ length: 8 }, () => again(browser, photo.id)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(7);
  expect((await ended(browser, photo.id)).rerunsLeft).toBe(1);
  expect((await browser.me()).photosLeft).toBe(19);
});

/** A wish under an id of the client's own. */
const named = (digit: string) => ({ recipe: 'sr', scale: 4, id: digit.repeat(32) });

it('makes and charges another run once, however often it is asked for under one id, also when it is over', async () => {
  const { browser, photo } = await withPhoto();
  for (const rerunsLeft of [1, 0]) {
    await again(browser, photo.id);
    expect((await ended(browser, photo.id)).rerunsLeft).toBe(rerunsLeft);
  }
  const answers = await Promise.all(Array.from({ length: 5 }, () => again(browser, photo.id, named('a'))));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
  const runs = new Set((await Promise.all(answers.map(view))).map(({ job }) => job.id));
  expect(runs.size).toBe(1);
  const { job } = await ended(browser, photo.id);
  expect(runs).toContain(job.id);
  const late = await again(browser, photo.id, named('a'));
  expect([late.status, await view(late)]).toMatchObject([200, { job: { id: job.id, state: 'done' } }]);
  expect((await browser.me()).photosLeft).toBe(18);
  expect((await again(browser, photo.id, named('b'))).status).toBe(201);
  await ended(browser, photo.id);
  expect((await browser.me()).photosLeft).toBe(17);
});

it('refuses the id of a run for another photo, another person and any other text, and charges nothing', async () => {
  const { browser, photo } = await withPhoto();
  expect((await again(browser, photo.id, named('c'))).status).toBe(201);
  await ended(browser, photo.id);
  const { browser: stranger, photo: theirs } = await withPhoto();
  expect(await problem(await again(stranger, photo.id, named('c')))).toMatchObject({ code: 'PHOTO_NOT_FOUND' });
  const other = await ended(browser, (await view(await browser.upload({ recipe: 'sr', file: file() }))).id);
  for (const refused of [
    await again(stranger, theirs.id, named('c')),
    await again(browser, other.id, named('c')),
    await again(browser, other.id, { ...named('c'), id: 'mine' }),
  ])
    expect(await problem(refused)).toMatchObject({ code: 'BAD_REQUEST', field: 'id' });
  expect((await stranger.me()).photosLeft).toBe(19);
  expect((await ended(browser, other.id)).rerunsLeft).toBe(2);
});

it('gives an id that is used for several photos at once to one of them', async () => {
  const browser = openBrowser(app);
  await give(browser, { package: 'large', batch: true, credits: 9 });
  const answers = await Promise.all([1, 2, 3].map(() => browser.upload({ recipe: 'sr', file: file() })));
  const ids = (await Promise.all(answers.map(view))).map(({ id }) => id);
  for (const id of ids) await ended(browser, id);
  const asked = await Promise.all(ids.map((id) => again(browser, id, named('d'))));
  expect(asked.map(({ status }) => status).sort()).toEqual([201, 400, 400]);
  for (const id of ids) await ended(browser, id);
});

it('takes one photo after the other from whoever has no package with batch', async () => {
  const browser = openBrowser(app);
  await give(browser, { package: 'small' });
  expect(await browser.me()).toMatchObject({ batch: false, photosLeft: 25 });
  const answers = await Promise.all([1, 2, 3].map(() => browser.upload({ recipe: 'sr', file: slow() })));
  const taken = answers.filter(({ status }) => status === 201);
  expect(taken).toHaveLength(1);
  for (const answer of answers) if (answer.status !== 201) expect((await problem(answer)).code).toBe('PHOTO_BUSY');
  await browser.api('DELETE', `/photos/${(await view(taken[0] as Response)).id}`);
  expect((await browser.me()).photosLeft).toBe(25);
});

it('takes several photos at once from whoever has a package with batch, also with the last credit of it', async () => {
  const browser = openBrowser(app);
  await give(browser, { package: 'large', batch: true, credits: 3, maxSide: 150 });
  const me = await browser.me();
  expect(me.batch).toBe(true);
  expect(me.credits.lots[0]).toMatchObject({ source: 'purchase', package: 'large', batch: true, maxSide: 150 });
  const answers = await Promise.all([1, 2, 3].map(() => browser.upload({ recipe: 'sr', file: file() })));
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
  for (const answer of answers) {
    const done = await ended(browser, (await view(answer)).id);
    expect(done.job.result?.width, 'no longer than the package allows').toBe(150);
  }
  expect((await browser.me()).batch).toBe(false);
});
