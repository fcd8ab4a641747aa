import type { Language } from './languages.ts';
import { writeMoney } from './money.ts';
import type { OrderView } from './orders.ts';
import { PAY_WAYS, payWayOf } from './pay-ways.ts';
import type { SiteView } from './site.ts';

interface ReceiptWords {
  readonly title: string;
  readonly number: string;
  readonly date: string;
  readonly seller: string;
  readonly buyer: string;
  readonly item: string;
  readonly price: string;
  readonly photos: (count: number) => string;
  readonly total: string;
  readonly refunded: (count: number, date: string) => string;
  readonly kept: string;
  readonly by: string;
  readonly transaction: string;
  readonly demo: string;
}

/** THE words of a receipt, on the page and in its PDF. */
const WORDS: Readonly<Record<Language, ReceiptWords>> = {
  zh: {
    ...{ title: '收据', number: '订单号', date: '付款日期', seller: '收款方', buyer: '付款方', item: '项目' },
    ...{ price: '金额', total: '合计（含税）', kept: '实付金额', by: '付款方式', transaction: '交易号' },
    photos: (count) => `照片修复 ${count} 张，一年有效`,
    refunded: (count, date) => `${date}退款：${count} 张`,
    demo: '演示收据：没有真实付款',
  },
  en: {
    ...{ title: 'Receipt', number: 'Order number', date: 'Paid on', seller: 'Seller', buyer: 'Buyer', item: 'Item' },
    ...{ price: 'Price', total: 'Total, taxes included', kept: 'Paid in the end', by: 'Paid by' },
    transaction: 'Transaction number',
    photos: (count) => `Restoration of ${count} ${count === 1 ? 'photo' : 'photos'}, good for one year`,
    refunded: (count, date) => `Refunded on ${date}: ${count} ${count === 1 ? 'photo' : 'photos'}`,
    demo: 'Receipt of a demonstration: nobody has paid',
  },
  ja: {
    ...{ title: '領収書', number: '注文番号', date: 'お支払い日', seller: '販売者', buyer: '購入者', item: '内容' },
    ...{ price: '金額', total: '合計（税込）', kept: '差引金額', by: 'お支払い方法', transaction: '取引番号' },
    photos: (count) => `写真の修復 ${count}枚（有効期間1年）`,
    refunded: (count, date) => `${date}返金：${count}枚`,
    demo: 'デモの領収書です。実際のお支払いはありません',
  },
  es: {
    ...{ title: 'Recibo', number: 'Número de pedido', date: 'Pagado el', seller: 'Vendedor', buyer: 'Comprador' },
    ...{ item: 'Concepto', price: 'Precio', total: 'Total, impuestos incluidos', kept: 'Importe final' },
    ...{ by: 'Forma de pago', transaction: 'Número de transacción' },
    photos: (count) => `Restauración de ${count} ${count === 1 ? 'foto' : 'fotos'}, válida un año`,
    refunded: (count, date) => `Reembolso del ${date}: ${count} ${count === 1 ? 'foto' : 'fotos'}`,
    demo: 'Recibo de una demostración: nadie ha pagado',
  },
  fr: {
    ...{ title: 'Reçu', number: 'Numéro de commande', date: 'Payé le', seller: 'Vendeur', buyer: 'Acheteur' },
    ...{ item: 'Objet', price: 'Prix', total: 'Total, taxes comprises', kept: 'Montant final' },
    ...{ by: 'Moyen de paiement', transaction: 'Numéro de transaction' },
    photos: (count) => `Restauration de ${count} ${count > 1 ? 'photos' : 'photo'}, valable un an`,
    refunded: (count, date) => `Remboursement du ${date} : ${count} ${count > 1 ? 'photos' : 'photo'}`,
    demo: 'Reçu d’une démonstration : personne n’a payé',
  },
};

/** A receipt in words, ready to be set on a page. */
export interface Receipt {
  readonly title: string;
  /** Said first where nobody was really paid. */
  readonly demo: string | null;
  readonly seller: { readonly name: string; readonly lines: readonly string[] };
  readonly buyer: { readonly name: string; readonly lines: readonly string[] };
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly head: readonly [item: string, price: string];
  /** What was sold, and what went back. */
  readonly rows: readonly (readonly [item: string, price: string])[];
  readonly total: readonly [name: string, price: string];
}

interface ReceiptSource {
  readonly order: OrderView;
  readonly site: SiteView;
  /** Who bought, as their account says. */
  readonly buyer: string;
  /** IANA name; the reader's own unless given. */
  readonly timeZone?: string;
}

/** The receipt of an order in a language; null for one that was never paid. */
export function writeReceipt({ order, site, buyer, timeZone }: ReceiptSource, language: Language): Receipt | null {
  if (order.paidAt === null) return null;
  const words = WORDS[language];
  const { currency, refund } = order;
  const money = (fen: number) => writeMoney(language, fen, currency);
  const day = (iso: string) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone }).format(new Date(iso));
  const back = refund?.state === 'done' ? refund : null;
  const rows: [string, string][] = [[words.photos(order.photos), money(order.fen)]];
  if (back) rows.push([words.refunded(back.photos, day(back.endedAt ?? back.askedAt)), money(-back.fen)]);
  return {
    title: words.title,
    demo: order.simulated ? words.demo : null,
    seller: {
      name: words.seller,
      lines: [
        site.operator ?? 'Hili PhotoEnhance',
        ...(site.address?.split('\n') ?? []),
        ...(site.email ? [site.email] : []),
      ],
    },
    buyer: { name: words.buyer, lines: [buyer] },
    facts: [
      [words.number, order.number],
      [words.date, day(order.paidAt)],
      [words.by, PAY_WAYS[payWayOf(order)][language]],
      ...(order.transactionId ? ([[words.transaction, order.transactionId]] as const) : []),
    ],
    head: [words.item, words.price],
    rows,
    total: [back ? words.kept : words.total, money(order.fen - (back?.fen ?? 0))],
  };
}
