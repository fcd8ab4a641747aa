import { ERRORS, PhotoView } from '@hili/contract';
import { expect, it } from 'vitest';
import { makePng } from '../../packages/server/test/pictures.ts';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { newShopper, type Shopper } from './shopper.ts';
import { expectSoundBooks } from './visitor.ts';

atConsole('jobs', {}, (at) => {
  async function send({ upload }: Shopper): Promise<string> {
    const file = new Blob([new Uint8Array(makePng(96, 64, 0x33))]);
    return PhotoView.parse(await (await upload({ recipe: 'sr', scale: '2', file })).json()).id;
  }
  const photoOf = async ({ api }: Shopper, id: string) =>
    PhotoView.parse(await (await api('GET', `/photos/${id}`)).json());

  it('finds a job by its owner, cancels it at no cost, says why it failed, and runs it again', async () => {
    const { desk, server } = at;
    const { words, main, dialog } = desk;
    const lee = await newShopper(server, 'lee@example.com');
    const other = await newShopper(server, 'other@example.com');
    const id = await send(lee);
    await send(other);
    const before = await lee.available();
    expect((await lee.me()).credits.held).toBe(1);

    await desk.open('jobs');
    await main.getByRole('searchbox', { name: words.table.search, exact: true }).fill('lee@example');
    await desk.page.keyboard.press('Enter');
    await desk.row(other.email).waitFor({ state: 'detached' });
    const row = desk.row(lee.email);
    await row.getByText(words.state.queued, { exact: true }).waitFor();
    expect(await main.locator('img, picture').count()).toBe(0);
    await desk.expectAccessible();
    await desk.ask(words.job.cancel, { [words.act.reason]: 'they asked us to' }, row);
    await dialog.getByText(filled(words.job.cancelText, { who: lee.email })).waitFor();
    await desk.confirm(words.job.cancel);
    await row.getByText(words.state.failed, { exact: true }).waitFor();
    await row.getByText(ERRORS.CANCELLED.text.en).waitFor();
    expect((await lee.me()).credits).toMatchObject({ available: before + 1, held: 0 });

    await desk.act(words.job.retry, { [words.act.reason]: 'now they want it' }, row);
    await row.getByText(words.state.queued, { exact: true }).waitFor();
    expect((await photoOf(lee, id)).job.state).toBe('queued');
    expect((await lee.me()).credits).toMatchObject({ available: before, held: 1 });
    // What failed stays, and can be sifted by that.
    await main.getByLabel(words.table.state).selectOption('failed');
    await row.getByText(ERRORS.CANCELLED.text.en).waitFor();
    await expect.poll(() => row.count()).toBe(1);
    await desk.expectAudited(['job.cancel', 'they asked us to'], ['job.retry', 'now they want it']);
    await desk.open('ledger');
    const held = main.getByRole('row').filter({ hasText: words.book.held });
    await held.filter({ hasText: words.source.free }).first().waitFor();
    expect(await main.textContent()).not.toContain('sys:');
    expectNoFaults(desk);
    await expectSoundBooks(server);
  });
});
