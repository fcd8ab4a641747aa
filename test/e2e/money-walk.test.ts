import { openPartner } from '@hili/sdk/partner';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import { money } from '../../packages/web/src/format.ts';
import { atSite } from './at-site.ts';
import { filled } from './console-texts.ts';
import { expectSoundBooks, OLD_PHOTO, payByDemo, signIn, textsOf, type Visitor, WORK_MS } from './visitor.ts';

/** Notices come each second, refunds take four, and time's own work is done every five. */
const SOON = { timeout: 30_000 };
const OPERATOR = 'operator@example.com';
const REBATE_FEN = 200;
/** What an invite brings to each side unless a setting says otherwise. */
const REWARD = 3;
/** Nothing is free, so that each photo that is spent was bought; what comes back can be claimed at once. */
const SETTINGS = {
  FREE_PER_DAY: '0',
  INFERENCE_PROCESSES: '1',
  REBATE_FEN: `photos-3:${REBATE_FEN}`,
  REBATE_DAYS: '0',
};

/** One story in several parts: each goes on where the one before it ended. */
atSite('the way of the money', { settings: SETTINGS }, (at) => {
  let visitor: Person;
  let friend: Person;
  let small: Buffer;

  /** Somebody with an account, their browser, and the texts that they read. */
  interface Person extends Visitor {
    readonly text: ReturnType<typeof textsOf>;
    readonly email: string;
  }

  beforeAll(async () => {
    await at.server.hili('operator', 'create', '--email', OPERATOR);
    small = await sharp(OLD_PHOTO).resize(160).jpeg().toBuffer();
    const open = async (language: 'fr' | 'zh', width: 390 | 1440): Promise<Person> => ({
      ...(await at.visitor(language, width)),
      text: textsOf(language),
      email: `money.${language}@example.com`,
    });
    [visitor, friend] = await Promise.all([open('fr', 1440), open('zh', 390)]);
  });

  const main = ({ page }: Visitor) => page.getByRole('main');
  const press = (person: Visitor, name: string) => main(person).getByRole('button', { name, exact: true }).click();

  /** What each place of the way has in common: the header counts what is left, nothing went wrong, and the books balance. */
  async function station({ page, text, faults }: Person, count: number): Promise<void> {
    const words = count === 0 ? text.left.none : filled(text.left.credits_other, { count });
    await expect.poll(() => page.getByTestId('photos-left').textContent(), SOON).toBe(words);
    expect(faults).toEqual([]);
    await expectSoundBooks(at.server);
  }

  async function buy(person: Person, count: number): Promise<void> {
    const { page, text } = person;
    await page.goto(`${at.server.url}/prices`);
    await page.getByTestId('photos-left').waitFor();
    await main(person)
      .getByRole('link', { name: filled(text.prices.take_other, { count }), exact: true })
      .click();
    await page.waitForURL('**/orders/*');
    await page.getByRole('img', { name: text.pay.qr }).locator('path').waitFor();
    await payByDemo(page, text);
    await page.getByRole('heading', { name: text.pay.done.title }).waitFor(SOON);
  }

  /** Restores the small photo: one of what is left. */
  async function restore(person: Person): Promise<void> {
    const { page, text } = person;
    await page.goto(at.server.url);
    await page.getByTestId('photos-left').waitFor();
    const file = { name: 'small.jpg', mimeType: 'image/jpeg', buffer: small };
    await page.locator('input[type=file]').first().setInputFiles(file);
    await press(person, text.choice.start);
    await page.waitForURL('**/photos/*', { timeout: WORK_MS });
    await page.getByRole('heading', { name: text.done.title }).waitFor({ timeout: WORK_MS });
  }

  it('leads a visitor from ten photos by a code of WeChat over one that is spent to the money for nine', async () => {
    const { page, text, email } = visitor;
    await signIn(page, at.server, text, email);
    await buy(visitor, 10);
    const order = page.url();
    await station(visitor, 10);

    await restore(visitor);
    await station(visitor, 9);

    await page.goto(order);
    const back = money('fr', 9 * 1500);
    await press(visitor, filled(text.refund.ask, { price: back }));
    const question = page.getByRole('alertdialog');
    await question.getByText(back).waitFor();
    await question.getByRole('button', { name: text.refund.sure.yes }).click();
    const [done = ''] = text.refund.state.done_other.split('{date}');
    await main(visitor)
      .getByText(filled(done, { price: back, count: 9 }))
      .waitFor(SOON);
    await station(visitor, 0);
  });

  it('turns a voucher of the operator into photos', async () => {
    const { page, text } = visitor;
    const note = ['--note', 'fair in May', '--by', OPERATOR];
    const code = (await at.server.hili('vouchers', 'create', '--count', '1', '--credits', '5', ...note)).trim();
    await page.goto(`${at.server.url}/account`);
    await page.getByLabel(text.voucher.code).fill(code.toLowerCase());
    await press(visitor, text.voucher.go);
    await main(visitor)
      .getByText(filled(text.voucher.done_other, { count: 5 }))
      .waitFor();
    await station(visitor, 5);
  });

  it('rewards the visitor and a friend who signs up by their link, buys, and uses what no refund gives back', async () => {
    await visitor.page.goto(`${at.server.url}/invite`);
    const link = String(
      await main(visitor)
        .getByText(/\/i\/\w+$/)
        .textContent(),
    );
    // Their page stays open, and hears of whatever comes of it.
    const { none, state } = visitor.text.invite.friends;
    const hears = (words: string) => main(visitor).getByText(words, { exact: true }).waitFor(SOON);
    await hears(none);
    await friend.page.goto(link);
    await friend.page.waitForURL('**/?invited');
    await signIn(friend.page, at.server, friend.text, friend.email);
    await station(friend, 0);
    await hears(state.bound);

    await buy(friend, 3);
    await station(friend, 3);
    await hears(state.bought);
    await station(visitor, 5);

    for (const left of [2, 1, REWARD]) {
      await restore(friend);
      await station(friend, left);
    }
    await station(visitor, 5 + REWARD);
    await hears(filled(state.rewarded_other, { count: REWARD }));
  });

  it("pays the friend's cash back once it is claimed by a phone and approved by an operator", async () => {
    const { page, text } = friend;
    const amount = money('zh', REBATE_FEN);
    const claim = main(friend).getByRole('button', { name: filled(text.rebate.claim, { amount }), exact: true });
    // It can be claimed from the next round of what time asks for.
    await expect
      .poll(async () => {
        await page.goto(`${at.server.url}/account`);
        await main(friend).getByText(text.rebate.title).waitFor();
        return claim.count();
      }, SOON)
      .toBe(1);
    await claim.click();
    await page.getByRole('img', { name: text.rebate.qr }).locator('path').waitFor();
    const link = String(await main(friend).getByRole('link', { name: text.rebate.here }).getAttribute('href'));

    const phone = await at.visitor('zh', 390);
    await phone.page.goto(link);
    await phone.page.getByLabel(text.claim.wechat).fill('friend_2026');
    await phone.page.getByLabel(text.claim.name, { exact: true }).fill('小明');
    await press(phone, filled(text.claim.send, { amount }));
    await phone.page.getByRole('heading', { name: text.claim.done.title }).waitFor();
    expect(phone.faults).toEqual([]);
    await phone.leave();
    await main(friend).getByText(text.rebate.state.claimed).waitFor(SOON);
    await station(friend, REWARD);

    const claimed = JSON.parse(await at.server.hili('rebates', 'list', '--state', 'claimed', '--json'));
    expect(claimed).toMatchObject([
      { fen: REBATE_FEN, email: friend.email, payee: { wechat: 'friend_2026', name: '小明' } },
    ]);
    await at.server.hili('rebates', 'approve', claimed[0].id, '--operator', OPERATOR);
    await main(friend).getByText(text.rebate.state.approved).waitFor(SOON);
    await station(friend, REWARD);
  });

  it('gives a partner 200 uploads for a bank transfer, of which the API takes one', async () => {
    const made = JSON.parse(
      await at.server.hili('partner', 'create', '--code', 'hiliad', '--name', 'Hili Ad', '--json'),
    );
    const partner = openPartner({ server: at.server.url, code: made.third_code, secret: made.secret_key });
    expect(await partner.creditsLeft()).toBe(0);
    const transfer = ['--receipt', '20260301123456', '--amount', '1000.00', '--credits', '200'];
    await at.server.hili('partner', 'pay', '--code', 'hiliad', ...transfer, '--by', OPERATOR);
    expect(await partner.creditsLeft()).toBe(200);
    await expectSoundBooks(at.server);

    const { mdf } = await partner.upload(new File([new Uint8Array(small)], 'small.jpg'), { recipe: 'sr' });
    const result = await new Response(await partner.result(mdf, { every: 250 })).arrayBuffer();
    expect(await sharp(Buffer.from(result)).metadata()).toMatchObject({ format: 'jpeg', width: 320 });
    expect(await partner.creditsLeft()).toBe(199);
    await expectSoundBooks(at.server);
  });
});
