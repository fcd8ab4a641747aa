import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { act, acts, onConsole, type Said } from './acting.ts';
import { BY, decide } from './deciding.ts';
import { money, yuan } from './money.ts';
import { print, table } from './table.ts';

const NOTE = `
Orders by bank transfer (OFFLINE_ACCOUNT) are paid when an operator has seen their money on the account: the buyer writes the order's number
on the transfer. Above OFFLINE_LIMIT_FEN a second operator says the same. Confirm exactly the price; other sums go back to their sender.
Refunds of such orders are sent by hand and noted here; the photos have gone back by then.

Examples:
  hili orders check
  hili orders list
  hili orders confirm H20260301K7Q2M9X4TB --receipt 20260301123456 --by me@example.com
  hili orders refunded H20260301K7Q2M9X4TB --receipt 20260308654321 --by me@example.com
`;

const list = () =>
  new Command('list')
    .description(
      'Lists orders by bank transfer that wait for their money, a second operator, or their refund, the oldest first.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { waitingOrders, withDatabase } = await import('@hili/server');
      const rows = await withDatabase(loadConfig(), (db) => waitingOrders(db));
      const lines = rows.map(({ number, state, photos, fen, currency, createdAt, receipts, refundFen }) => [
        ...[number, state, createdAt.toISOString().slice(0, 10), String(photos), `${yuan(fen)} ${currency}`],
        ...[receipts.join(' '), refundFen === null ? '' : yuan(refundFen)],
      ]);
      const head = ['number', 'state', 'since', 'photos', 'price', 'confirmed once', 'to send back'];
      print(json, rows, lines.length > 0 ? table(head, lines) : ['no orders wait']);
    });

interface Options {
  readonly receipt: string;
  readonly operator: string;
  readonly amount?: number;
  readonly note?: string;
  readonly json?: boolean;
}

const sub = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .argument('<number>', "the order's number")
    .requiredOption(...BY)
    .option('--json', 'print JSON');

const confirm = () =>
  sub('confirm', 'Says that the money of an order has come in.')
    .requiredOption('--receipt <reference>', "the bank's own number of the transfer; one transfer is one order")
    .option('--amount <sum>', 'what came in, such as 49.80; refused when it is not the price', money)
    .option('--note <words>', 'anything worth keeping')
    .action(async (number: string, { receipt, operator, amount, note, json }: Options) => {
      const transfer = { bankRef: receipt, ...(amount !== undefined && { fen: amount }), ...(note && { note }) };
      const { state, fen, credits } = await decide(operator, async ({ confirmOrder }, deps, by) => {
        const made = await confirmOrder(deps, number, transfer, by);
        const after = { reference: made.bankRef, fen: made.fen, state: made.state };
        return [made, { act: 'order.confirm', subject: `order ${made.orderId}`, after, reason: note }];
      });
      const line =
        state === 'granted'
          ? `order ${number} is paid: ${credits} photos granted for ${yuan(fen)}`
          : `order ${number} waits for another operator: ${yuan(fen)} is above the limit`;
      print(json, { number, state, fen, credits }, [line]);
    });

type RefundEnd = { readonly state: 'done'; readonly bankRef: string } | { readonly state: 'failed' };

const endRefund = (operator: string, number: string, end: RefundEnd) =>
  decide(operator, async ({ endOfflineRefund }, deps, by) => {
    const orderId = await endOfflineRefund(deps, number, end, by);
    return [undefined, { act: 'order.refund-sent', subject: `order ${orderId}`, after: end }];
  });

const refunded = () =>
  sub('refunded', 'Says that the money of a refund has been sent back.')
    .requiredOption('--receipt <reference>', "the bank's own number of that transfer")
    .action(async (number: string, { receipt, operator, json }: Options) => {
      await endRefund(operator, number, { state: 'done', bankRef: receipt });
      print(json, { number, state: 'refunded' }, [`order ${number} is refunded`]);
    });

const refundFailed = () =>
  sub('refund-failed', 'Says that a refund cannot be sent: the photos are given back.').action(
    async (number: string, { operator, json }: Options) => {
      await endRefund(operator, number, { state: 'failed' });
      print(json, { number, state: 'paid' }, [`order ${number} is paid as before`]);
    },
  );

const check = () =>
  new Command('check')
    .description(
      'Asks the ways to pay about what is open, compares their bills with the books, and lists what differs and is not resolved.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const found = await onConsole(async ({ openIssues, reconcile, sweepPayments }, deps) => {
        await sweepPayments(deps);
        return { bills: await reconcile(deps), differences: await openIssues(deps.db) };
      });
      const lines = found.differences.map(({ id, kind, provider, outTradeNo, foundAt }) => [
        ...[String(id), kind, provider, outTradeNo ?? '', foundAt.toISOString().slice(0, 10)],
      ]);
      const head = ['id', 'difference', 'provider', 'order', 'since'];
      const compared = `${found.bills} bills compared that had not been`;
      print(json, found, [compared, ...(lines.length > 0 ? table(head, lines) : ['no differences'])]);
    });

const show = () =>
  new Command('show')
    .description('Shows any order as JSON, with everything that happened to it.')
    .argument('<id>', 'the id that hili list orders shows')
    .action(async (id: string) => {
      const view = await onConsole(({ adminOrderView }, deps) => adminOrderView(deps, id));
      console.log(JSON.stringify(view, null, 2));
    });

const refund = () =>
  acts(new Command('refund').argument('<id>', 'the id that hili list orders shows'))
    .description('Gives the unused photos of any order back, whatever the buyer’s time limit says.')
    .action(async (id: string, { operator, reason, json }: Said) => {
      const { credits, fen, state } = await act(operator, ({ refundOrder }, deps, by) =>
        refundOrder(deps, by, id, reason),
      );
      print(json, { id, credits, fen, state }, [`${credits} photos of order ${id} go back for ${yuan(fen)}`]);
    });

/** `hili orders …`. */
export function ordersCommand(): Command {
  return new Command('orders')
    .summary('orders: check, show, refund; by bank transfer: list, confirm, refunded, refund-failed')
    .description('Looks after orders by bank transfer.')
    .addHelpText('after', NOTE)
    .addCommand(list())
    .addCommand(confirm())
    .addCommand(refunded())
    .addCommand(refundFailed())
    .addCommand(check())
    .addCommand(show())
    .addCommand(refund());
}
