import { expect, it } from 'vitest';
import { accountOf, openAccountApp, PASSWORD } from './account-app.ts';
import { codeOf } from './answers.ts';
import { openBrowser } from './browser.ts';
import { readText } from './live.ts';

const { app, member } = await openAccountApp();

it('lists where it is signed in, and ends one session or all others at once', async () => {
  const { person, email } = await member(PASSWORD);
  const phone = openBrowser(app, { 'user-agent': 'A phone' });
  const desk = openBrowser(app, { 'user-agent': 'A desk' });
  for (const browser of [phone, desk]) await browser.api('POST', '/sign-in/password', { email, password: PASSWORD });
  const { sessions } = await accountOf(person);
  expect(sessions.map(({ current }) => current)).toEqual([false, false, true]);
  expect(JSON.stringify(sessions)).not.toMatch(/127\.0\.0\.1|token/);
  const ofPhone = sessions.find(({ agent }) => agent === 'A phone')!;
  const { person: stranger } = await member();
  expect(await codeOf(stranger.api('DELETE', `/account/sessions/${ofPhone.id}`))).toBe('DATA_NOT_FOUND');
  expect((await person.api('DELETE', `/account/sessions/${ofPhone.id}`)).status).toBe(204);
  expect([(await phone.me()).kind, (await desk.me()).kind]).toEqual(['guest', 'user']);
  expect((await person.api('DELETE', '/account/sessions')).status).toBe(204);
  expect([(await desk.me()).kind, (await person.me()).kind]).toEqual(['guest', 'user']);
});

it('closes the open pages of a session that was ended', async () => {
  const { person } = await member();
  const live = readText(await person.api('GET', '/events'));
  await live.until('event: me');
  await person.api('POST', '/sign-out');
  expect(await live.end()).toContain('"kind":"user"');
});

it('replaces the session of a browser that signs in again', async () => {
  const { person, email } = await member();
  await person.enter(email);
  expect((await accountOf(person)).sessions).toHaveLength(1);
});
