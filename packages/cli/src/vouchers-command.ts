import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { BY, decide } from './deciding.ts';
import { type Expiry, expiry } from './expiry.ts';
import { print, table } from './table.ts';
import { whole } from './wish.ts';

const NOTE = `
A code is good once, for whoever redeems it on the page with an account. Codes are shown when they are made and cannot be read again: the
database keeps only what recognises them.

Examples:
  hili vouchers create --count 100 --credits 3 --note "fair in May" --by me@example.com > codes.txt
  hili vouchers create --count 5 --credits 50 --package photos-50 --batch --max-side 6000 --expires 2027-12-31 --by me@example.com
  hili vouchers revoke 3f0c9c1e-... --reason "lost in the post" --by me@example.com
`;

interface Options {
  readonly count: number;
  readonly credits: number;
  readonly package?: string;
  readonly batch?: boolean;
  readonly maxSide?: number;
  readonly days: number;
  readonly expires: Expiry;
  readonly note: string;
  readonly reason: string;
  readonly operator: string;
  readonly json?: boolean;
}

const create = () =>
  new Command('create')
    .description('Makes codes and prints them, one a line, once.')
    .requiredOption('--count <number>', 'how many codes', whole(1, 1000))
    .requiredOption('--credits <number>', 'photos of each', whole(1, 1_000_000))
    .option('--package <code>', 'the package whose place they take')
    .option('--batch', 'let several photos of a user be under way at once')
    .option('--max-side <pixels>', 'longest side of the results that they pay for', whole(16, 20_000))
    .option('--days <number>', 'days for which the photos are good once a code is redeemed', whole(1, 3650), 365)
    .option('--expires <day>', 'when the codes can no longer be redeemed, or never (default: never)', expiry)
    .option('--note <words>', 'what they are for', '')
    .requiredOption(...BY)
    .option('--json', 'print JSON')
    .action(async ({ count, credits, batch, maxSide, days, expires, note, operator, json, ...rest }: Options) => {
      const wish = {
        ...{ count, credits, days, note, expiresAt: expires instanceof Date ? expires : null },
        ...(rest.package !== undefined && { package: rest.package }),
        ...(batch && { batch }),
        ...(maxSide !== undefined && { maxSide }),
      };
      const made = await decide(operator, async ({ createVouchers }, { db, keys, clock }, by) => {
        const batchOfCodes = await createVouchers(db, keys, wish, by, clock());
        const after = { vouchers: count, credits, days, package: rest.package ?? null };
        return [batchOfCodes, { act: 'batch.create', subject: `batch ${batchOfCodes.id}`, after, reason: note }];
      });
      print(json, made, made.codes);
    });

const list = () =>
  new Command('list')
    .description('Lists batches of codes and what became of them, the oldest first; never a code.')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const { listVouchers, withDatabase } = await import('@hili/server');
      const rows = await withDatabase(loadConfig(), (db) => listVouchers(db));
      const lines = rows.map((row) => [
        ...[row.id, row.createdAt.toISOString().slice(0, 10), String(row.vouchers), String(row.redeemed)],
        ...[
          String(row.revoked),
          String(row.credits),
          row.package ?? '',
          row.expiresAt?.toISOString() ?? 'never',
          row.note,
        ],
      ]);
      const head = ['id', 'made', 'codes', 'redeemed', 'revoked', 'photos', 'package', 'until', 'note'];
      print(json, rows, lines.length > 0 ? table(head, lines) : ['no vouchers']);
    });

const revoke = () =>
  new Command('revoke')
    .description('Ends the codes of a batch that nobody has redeemed.')
    .argument('<id>', 'the id of the batch that list shows')
    .requiredOption('--reason <words>', 'why; it is kept')
    .requiredOption(...BY)
    .option('--json', 'print JSON')
    .action(async (id: string, { reason, operator, json }: Options) => {
      const revoked = await decide(operator, async ({ revokeVouchers }, { db, clock }, by) => {
        const ended = await revokeVouchers(db, id, reason, by, clock());
        return [ended, { act: 'batch.revoke', subject: `batch ${id}`, after: { revoked: ended }, reason }];
      });
      print(json, { id, revoked }, [`${revoked} codes of batch ${id} are ended`]);
    });

/** `hili vouchers …`. */
export function vouchersCommand(): Command {
  return new Command('vouchers')
    .summary('voucher codes: create, list, revoke')
    .description('Looks after voucher codes.')
    .addHelpText('after', NOTE)
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());
}
