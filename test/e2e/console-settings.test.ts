import { expect, it } from 'vitest';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { newVisitor, textsOf } from './visitor.ts';

const text = textsOf('en');

atConsole('settings', {}, (at) => {
  it('are in force without a restart, refuse what the environment could not be either, and go back', async () => {
    const { browser, desk, server } = at;
    const { words, main, dialog } = desk;
    const visitor = await newVisitor(browser, server.url, 'en', 390);
    const left = (count: number) =>
      visitor.page.getByTestId('photos-left').getByText(filled(text.left.count_other, { count }), { exact: true });
    await visitor.page.goto(server.url);
    await left(3).waitFor();

    await desk.open('settings');
    const quoted = (value: string) => filled(words.setting.quoted, { text: value });
    const name = words.setting.name.FREE_PER_DAY;
    const row = desk.row('FREE_PER_DAY');
    await desk.ask(words.setting.change, { [name]: 'many', [words.act.reason]: 'the fair' }, row);
    await desk.confirm(words.setting.change);
    await dialog.getByRole('alert').getByText(/many/).waitFor();
    await desk.expectAccessible();
    await dialog.getByLabel(name, { exact: true }).fill('5');
    await dialog.getByText(filled(words.setting.changeText, { name, from: quoted('3'), to: quoted('5') })).waitFor();
    await desk.confirm(words.setting.change);
    await dialog.waitFor({ state: 'detached' });
    await row.getByText(words.setting.from.console).waitFor();
    await row.getByText(desk.email).waitFor();
    await desk.expectAccessible();
    const other = await newVisitor(browser, server.url, 'en', 1440);
    await other.page.goto(server.url);
    await other.page
      .getByTestId('photos-left')
      .getByText(filled(text.left.count_other, { count: 5 }), { exact: true })
      .waitFor();
    await other.leave();

    const banner = desk.row('ANNOUNCEMENT_EN');
    const said = 'We are away on Monday.';
    await desk.act(
      words.setting.change,
      { [words.setting.name.ANNOUNCEMENT_EN]: said, [words.act.reason]: 'holiday' },
      banner,
    );
    await visitor.page.reload();
    await visitor.page.getByText(said).waitFor();
    await desk.act(words.setting.reset, { [words.act.reason]: 'back again' }, banner);
    await visitor.page.reload();
    await visitor.page.getByRole('heading', { level: 1 }).waitFor();
    await visitor.page.getByText(said).waitFor({ state: 'detached' });
    await visitor.leave();

    await desk.open('audit?q=setting');
    await desk.row('holiday').getByText(words.table.details).click();
    await desk.row('holiday').getByText(said).waitFor();
    await desk.expectAudited(
      ['setting.change', 'the fair'],
      ['setting.change', 'holiday'],
      ['setting.change', 'back again'],
    );
    expect(await main.getByRole('button', { name: words.setting.change }).count()).toBe(0);
    expectNoFaults(desk, 400);
  });
});
