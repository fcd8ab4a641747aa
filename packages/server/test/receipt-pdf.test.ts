import { LANGUAGES, type OrderView, type SiteView, writeReceipt } from '@hili/contract';
import { extractText, getDocumentProxy } from 'unpdf';
import { expect, it } from 'vitest';
import { receiptPdf } from '../src/receipt-pdf.ts';

const order: OrderView = {
  ...{ id: '1', number: 'H20260301K7Q2M9X4TB', package: 'photos-10', photos: 10, fen: 15_000, currency: 'CNY' },
  ...{ provider: 'wechat', simulated: false, state: 'refunded', transactionId: '4200002286561960000' },
  ...{ createdAt: '2026-03-01T04:00:00Z', expiresAt: '2026-03-01T04:15:00Z', paidAt: '2026-03-01T04:02:00Z' },
  ...{ payment: null, underReview: false, refundable: null },
  refund: { photos: 4, fen: 6000, state: 'done', askedAt: '2026-03-02T04:00:00Z', endedAt: '2026-03-02T04:01:00Z' },
};
const site: SiteView = {
  ...{
    operator: '晴空照片修复有限公司',
    email: 'photos@example.com',
    wechat: null,
    qrUrl: null,
    demo: false,
    announcement: null,
  },
  address: '北京市海淀区中关村大街1号\nBâtiment Élysée',
};
const buyer = '山田 花子 <hanako@example.com>';

const read = async (pdf: Buffer) => {
  const proxy = await getDocumentProxy(new Uint8Array(pdf));
  const { text, totalPages } = await extractText(proxy, { mergePages: true });
  return { text: text.normalize('NFKC'), totalPages };
};
// Where a line ends is the page's business.
const bare = (text: string) => text.normalize('NFKC').replaceAll(/\s/g, '');

it.each(LANGUAGES)('sets every word of a receipt as text that can be read back, in %s', async (language) => {
  const receipt = writeReceipt({ order, site, buyer, timeZone: 'Asia/Shanghai' }, language);
  if (!receipt) throw new Error('expected a receipt of a paid order');
  const pdf = await receiptPdf(receipt, language);
  const { text, totalPages } = await read(pdf);
  expect(totalPages).toBe(1);
  const { title, seller, buyer: to, facts, head, rows, total } = receipt;
  const words = [title, seller.name, ...seller.lines, to.name, ...to.lines, ...[...facts, head, ...rows, total].flat()];
  for (const each of words) expect(bare(text), each).toContain(bare(each));
  expect(pdf.length).toBeLessThan(150_000);
});

it('says on its face that a receipt of a demonstration is none', async () => {
  const receipt = writeReceipt({ order: { ...order, simulated: true }, site, buyer }, 'zh');
  if (!receipt?.demo) throw new Error('expected a receipt that says it is of a demonstration');
  expect(bare((await read(await receiptPdf(receipt, 'zh'))).text)).toContain(bare(receipt.demo));
});

it('sets a question mark for a letter that no font has, and loses nothing else', async () => {
  const receipt = writeReceipt({ order, site, buyer: 'A\u{13000}B' }, 'en');
  if (!receipt) throw new Error('expected a receipt of a paid order');
  expect(bare((await read(await receiptPdf(receipt, 'en'))).text)).toContain('A?B');
});
