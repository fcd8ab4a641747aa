import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { atConsole } from './at-console.ts';
import { filled } from './console-texts.ts';
import { expectNoFaults } from './desk.ts';
import { newShopper } from './shopper.ts';
import { expectSoundBooks } from './visitor.ts';

atConsole('vouchers', { FREE_PER_DAY: '0' }, (at) => {
  it('makes a batch whose codes are shown once, as text and as a file, and ends the rest of it', async () => {
    const { desk, server } = at;
    const { page, words, dialog, main } = desk;
    await desk.open('batches');
    await main.getByText(words.table.none).waitFor();
    await desk.ask(words.batch.new, {
      [words.batch.vouchers]: '3',
      [words.batch.credits]: '5',
      [words.batch.rights]: 'photos-10',
      [words.batch.until]: '30',
      [words.act.reason]: 'fair in May',
    });
    await dialog.getByText(filled(words.batch.newText, { count: 3, photos: 5, days: 365, until: 30 })).waitFor();
    await desk.expectAccessible();
    await desk.confirm(words.batch.new);
    const list = dialog.getByRole('textbox', { name: words.code.list });
    const codes = (await list.inputValue()).split('\n');
    expect(new Set(codes).size).toBe(3);
    await desk.expectAccessible();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: words.code.save }).click(),
    ]);
    expect((await readFile(await file.path(), 'utf8')).trim().split('\r\n')).toEqual(codes);
    await desk.confirm(words.act.close);

    // Once: neither the page nor the API has them any more, on reloading either.
    await page.reload();
    const row = desk.row('fair in May');
    await row.getByText(words.batch.open).waitFor();
    const kept = [await page.content(), await (await page.request.get(`${server.url}/api/v1/admin/batches`)).text()];
    for (const code of codes) for (const text of kept) expect(text).not.toContain(code);

    const lee = await newShopper(server, 'lee@example.com');
    const redeem = async (code = '') => (await lee.api('POST', '/vouchers/redeem', { code })).status;
    expect(await redeem(codes[0])).toBe(200);
    expect(await lee.available()).toBe(5);
    await page.reload();
    await desk.ask(words.batch.revoke, { [words.act.reason]: 'the fair is over' }, row);
    await dialog.getByText(filled(words.batch.revokeText_other, { count: 2 })).waitFor();
    await desk.confirm(words.batch.revoke);
    await row.getByText(words.state.ended).waitFor();
    expect(await row.getByRole('button').count()).toBe(0);
    expect(await redeem(codes[1])).toBeGreaterThanOrEqual(400);
    expect(await lee.available()).toBe(5);

    await desk.expectAudited(['batch.create', 'fair in May'], ['batch.revoke', 'the fair is over']);
    expectNoFaults(desk);
    await expectSoundBooks(server);
  });
});
