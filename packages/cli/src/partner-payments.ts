import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { BY, decide } from './deciding.ts';
import { days, money, yuan } from './money.ts';
import { print, table } from './table.ts';
import { whole } from './wish.ts';

interface Options {
  readonly code: string;
  readonly receipt: string;
  readonly amount: number;
  readonly credits: number;
  readonly days: number | null;
  readonly note?: string;
  readonly reason: string;
  readonly operator: string;
  readonly json?: boolean;
}

/** `hili partner pay`. */
export const pay = () =>
  new Command('pay')
    .description(
      'Grants a partner the credits of a bank transfer; above OFFLINE_LIMIT_FEN once a second operator runs the same.',
    )
    .requiredOption('--code <code>', "the partner's third_code")
    .requiredOption('--receipt <reference>', "the bank's own number of the transfer; one transfer grants once")
    .requiredOption('--amount <sum>', 'what came in, in CNY, such as 1000.00', money)
    .requiredOption('--credits <number>', 'how many credits it pays', whole(1, 1_000_000_000))
    .option('--days <number>', 'days for which they are good, or never', days, 365)
    .option('--note <words>', 'anything worth keeping, such as the contract')
    .requiredOption(...BY)
    .option('--json', 'print JSON')
    .action(async ({ code, receipt, amount, credits, days: term, note, operator, json }: Options) => {
      const sale = { bankRef: receipt, fen: amount, credits, days: term, ...(note && { note }) };
      const { state } = await decide(operator, async ({ recordPartnerPayment }, deps, by) => {
        const made = await recordPartnerPayment(deps, code, sale, by);
        const after = { reference: made.bankRef, fen: amount, credits, days: term, state: made.state };
        return [made, { act: 'partner.payment', subject: `partner ${made.partnerId}`, after, reason: note }];
      });
      const line =
        state === 'granted'
          ? `${credits} credits granted to ${code} for ${yuan(amount)}`
          : `${receipt} waits for another operator: ${yuan(amount)} is above the limit`;
      print(json, { third_code: code, receipt, state, credits }, [line]);
    });

/** `hili partner payments`. */
export const payments = () =>
  new Command('payments')
    .description('Lists bank transfers, those of orders too, the oldest first.')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const { listOffline, withDatabase } = await import('@hili/server');
      const rows = await withDatabase(loadConfig(), (db) => listOffline(db));
      const lines = rows.map((row) => [
        ...[row.bankRef, row.partner ?? row.order ?? '', row.state, yuan(row.fen), String(row.credits)],
        ...[row.createdAt.toISOString().slice(0, 10), row.createdBy, row.approvedBy ?? '', row.reason ?? ''],
      ]);
      const head = ['receipt', 'for', 'state', 'CNY', 'credits', 'since', 'by', 'and by', 'reversed for'];
      print(json, rows, lines.length > 0 ? table(head, lines) : ['no transfers']);
    });

/** `hili partner reverse`. */
export const reverse = () =>
  new Command('reverse')
    .description(
      'Takes back the unspent credits of a transfer that bounced, or drops one that waits for another operator.',
    )
    .requiredOption('--receipt <reference>', "the bank's own number of the transfer")
    .requiredOption('--reason <words>', 'why; it is kept')
    .requiredOption(...BY)
    .option('--json', 'print JSON')
    .action(async ({ receipt, reason, operator, json }: Options) => {
      const { revoked } = await decide(operator, async ({ reverseOffline }, deps, by) => {
        const made = await reverseOffline(deps, receipt, reason, by);
        const after = { revoked: made.revoked };
        return [made, { act: 'transfer.reverse', subject: `transfer ${made.id}`, after, reason }];
      });
      print(json, { receipt, state: 'reversed', revoked }, [
        `${receipt} is reversed: ${revoked} unspent credits taken back`,
      ]);
    });
