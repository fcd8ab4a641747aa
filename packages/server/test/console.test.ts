import { randomUUID } from 'node:crypto';
import { AdminJob, AdminModels, AdminPictures, AdminSeries, AdminSettings, AdminToday } from '@hili/contract/admin';
import { expect, it } from 'vitest';
import { openSettings } from '../src/live-settings.ts';
import { codeOf, ok, statusOf } from './answers.ts';
import { openBrowser } from './browser.ts';
import { openConsole, reason, settled, upload } from './console-app.ts';

const { app, admin, operatorEmail, page, audited, member } = await openConsole();

it('finds jobs by their reason, cancels one that waits, and runs a failed one again at its owner’s price', async () => {
  const { browser, id } = await member();
  const photo = await upload(browser); // no worker yet: it waits
  const left = (await browser.me()).photosLeft;
  const [waiting] = (await page('jobs', { q: photo.id })).rows;
  expect(waiting).toMatchObject({ state: 'queued', owner: 'user', ownerId: id, canRetry: false });
  expect(await codeOf(admin('POST', `/jobs/${waiting?.id}/retry`, { reason }))).toBe('BAD_REQUEST');
  const ended = await ok(AdminJob, admin('POST', `/jobs/${waiting?.id}/cancel`, { reason }));
  expect(ended).toMatchObject({ state: 'failed', error: 'CANCELLED', canRetry: true });
  expect((await browser.me()).photosLeft).toBe(left + 1);
  expect(await codeOf(admin('POST', `/jobs/${waiting?.id}/cancel`, { reason }))).toBe('BAD_REQUEST');
  expect((await page('jobs', { q: 'cancelled', owner: id, state: 'failed' })).rows).toHaveLength(1);
  const tries = await Promise.all([1, 2, 3].map(() => admin('POST', `/jobs/${waiting?.id}/retry`, { reason })));
  expect(tries.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  expect((await browser.me()).photosLeft).toBe(left);
  const [again] = (await page('jobs', { owner: id, state: 'queued' })).rows;
  expect(again).toMatchObject({ photoId: photo.id, owner: 'user' });
  await app.startWorker();
  await settled(browser, photo.id, 'done');
  expect(await codeOf(admin('POST', `/jobs/${randomUUID()}/retry`, { reason }))).toBe('DATA_NOT_FOUND');
  expect(JSON.stringify(await page('jobs', { owner: id }))).not.toMatch(/files\/|\.png|grandmother/);
  expect(await audited('job.')).toMatchObject([
    { act: 'job.retry', subject: `job ${waiting?.id}`, after: { job: again?.id } },
    { act: 'job.cancel', subject: `job ${waiting?.id}`, before: { state: 'queued' } },
  ]);
});

it('shows how things stand today and over time', async () => {
  const { browser } = await member();
  const before = await ok(AdminToday, admin('GET', '/today'));
  const photo = await upload(browser);
  await settled(browser, photo.id, 'done');
  const today = await ok(AdminToday, admin('GET', '/today'));
  expect(today.photos.taken).toBe(before.photos.taken + 1);
  expect(today.photos.done).toBe(before.photos.done + 1);
  // The job that was cancelled above is among the jobs, and no failure.
  expect((await page('jobs', { q: 'cancelled', state: 'failed' })).rows).not.toEqual([]);
  expect(today.photos.failed).toBe(0);
  expect(today.failures).toEqual([]);
  expect(today.queue).toMatchObject({ waiting: 0, running: 0, oldestSeconds: null, workers: 0 });
  expect(today.queue.medianMs).toBeGreaterThan(0);
  expect(today.queueWait).toHaveLength(24);
  expect(today.queueWait.map(({ at }) => at)).toEqual(today.queueWait.map(({ at }) => at).toSorted());
  expect(today.storage.photos).toBeGreaterThan(0);
  expect(today.storage).toMatchObject({ oldestOverdue: null });
  expect(today.brokenInvariants).toEqual([]);
  const days = await ok(AdminSeries, admin('GET', '/series?per=day'));
  expect(days).toHaveLength(30);
  expect(days.at(-1)?.photos).toBe(today.photos.taken);
  const hours = await ok(AdminSeries, admin('GET', '/series?per=hour'));
  expect(hours).toHaveLength(48);
  expect(hours.reduce((sum, { done }) => sum + done, 0)).toBe(today.photos.done);
  expect(hours.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
  expect(await codeOf(admin('GET', '/series?per=year'))).toBe('BAD_REQUEST');
  const models = await ok(AdminModels, admin('GET', '/models'));
  expect(models.map(({ task }) => task)).toEqual([
    'sr',
    'sr4',
    'texture',
    'texture4',
    'severity',
    'repair',
    'colour',
    'bg',
    'refine',
    'face',
  ]);
});

it('tells how long runs waited until they began, hour by hour', async () => {
  const ids: unknown[] = [];
  for (let n = 0; n < 4; n += 1) {
    const { browser, id } = await member();
    await upload(browser);
    const [job] = (await page('jobs', { owner: id })).rows;
    // Whether it waits, runs or is done: nothing of it changes after this.
    await admin('POST', `/jobs/${job?.id}/cancel`, { reason });
    ids.push(job?.id);
  }
  // Five hours ago: of four runs, three began within seconds, and one after two minutes.
  const then = new Date(app.clock().getTime() - 5 * 3_600_000);
  then.setUTCMinutes(30, 0, 0);
  for (const [n, seconds] of [2, 4, 6, 120].entries())
    await app.pool.query(
      `update job set created_at = $1::timestamptz - $2 * interval '1 second', started_at = $1 where id = $3`,
      [then, seconds, ids[n]],
    );
  const { queueWait } = await ok(AdminToday, admin('GET', '/today'));
  const hour = queueWait.find(
    ({ at }) => Date.parse(at) <= then.getTime() && Date.parse(at) + 3_600_000 > then.getTime(),
  );
  // Halfway between 4 and 6; and 0.85 of the way from the third to the fourth.
  expect(hour).toMatchObject({ median: 5, p95: 102.9 });
  expect(queueWait.filter(({ median }) => median !== null && median >= 5)).toHaveLength(1);
});

it('lets the operator answer a complaint, and look at its pictures only where the owner says so, each look written down', async () => {
  const { browser } = await member();
  const photo = await upload(browser);
  await settled(browser, photo.id, 'done');
  await browser.api('POST', `/photos/${photo.id}/complaint`, { fault: 'faces', text: 'Her eyes', mayLook: false });
  const find = async () => (await page('complaints', { q: 'Her eyes' })).rows[0];
  const closed = await find();
  expect(closed).toMatchObject({ state: 'open', canLook: false });
  expect(await codeOf(admin('POST', `/complaints/${closed?.id}/look`))).toBe('DATA_NOT_FOUND');
  await browser.api('POST', `/photos/${photo.id}/complaint`, { fault: 'faces', text: 'Her eyes', mayLook: true });
  expect(await find()).toMatchObject({ canLook: true });
  const pictures = await ok(AdminPictures, admin('POST', `/complaints/${closed?.id}/look`));
  for (const path of [pictures.before, String(pictures.after)]) expect((await fetch(app.url + path)).status).toBe(200);
  expect(await audited('complaint.look')).toMatchObject([
    { subject: `complaint ${closed?.id}`, after: { photo: photo.id } },
  ]);
  expect(await statusOf(admin('POST', `/complaints/${closed?.id}/answer`, { text: 'We have improved them.' }))).toBe(
    204,
  );
  expect(await find()).toMatchObject({ state: 'answered', answer: 'We have improved them.' });
});

it('changes a setting in every process at once, by the rules of the environment, and takes the change back', async () => {
  const other = await openSettings(app.db, app.events, app.config, app.log);
  const put = (name: string, value: string | null) => admin('PUT', `/settings/${name}`, { value, reason });
  const list = await ok(AdminSettings, put('FREE_PER_DAY', '7'));
  expect(list.find((each) => each.key === 'FREE_PER_DAY')).toMatchObject({
    ...{ value: '7', from: 'console', otherwise: '50', changedBy: operatorEmail },
  });
  expect(list.find((each) => each.key === 'INVITE_DAYS')).toMatchObject({ value: '90', from: 'default' });
  expect(list.find((each) => each.key === 'REBATE_FEN')).toMatchObject({ from: 'environment' });
  await expect.poll(() => other.config.FREE_PER_DAY).toBe(7);
  expect((await openBrowser(app).me()).freePerDay).toBe(7);
  for (const [name, value] of [
    ['FREE_PER_DAY', '-1'],
    ['FREE_PER_DAY', 'many'],
    ['VISIBLE_LABEL', 'eyes'],
    ['REBATE_FEN', 'photos-3:4980'],
  ] as const)
    expect(await codeOf(put(name, value)), name).toBe('BAD_REQUEST');
  expect(await codeOf(put('HILI_SECRET', 'x'))).toBe('NOT_FOUND');
  await put('ANNOUNCEMENT_EN', 'We are closed on Sunday.');
  const site = async () =>
    (await (await openBrowser(app).api('GET', '/site')).json()) as { announcement: { en: string } | null };
  await expect.poll(async () => (await site()).announcement?.en).toBe('We are closed on Sunday.');
  await put('ANNOUNCEMENT_EN', null);
  await put('FREE_PER_DAY', null);
  await expect.poll(() => other.config.FREE_PER_DAY).toBe(50);
  await expect.poll(async () => (await site()).announcement).toBeNull();
  other.close();
  expect(await audited('FREE_PER_DAY')).toMatchObject([
    { before: { value: '7' }, after: { value: '50' } },
    { before: { value: '50' }, after: { value: '7' } },
  ]);
});
