import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { BY, decide } from './deciding.ts';
import { yuan } from './money.ts';
import { print, table } from './table.ts';

const NOTE = `
A fapiao is made in the tax office's own system, sent to the address of the request, and noted here with its number; whoever asked has that
by mail. One order is one request.

Examples:
  hili fapiao list
  hili fapiao issue 3f0c9c1e-... --number 26112000000012345678 --by me@example.com
  hili fapiao refuse 3f0c9c1e-... --reason "the tax number does not belong to this name" --by me@example.com
`;

interface Options {
  readonly all?: boolean;
  readonly number: string;
  readonly reason: string;
  readonly operator: string;
  readonly json?: boolean;
}

const list = () =>
  new Command('list')
    .description('Lists requests that are open, the oldest first.')
    .option('--all', 'ended ones too')
    .option('--json', 'print JSON')
    .action(async ({ all = false, json }: Options) => {
      const { listFapiao, withDatabase } = await import('@hili/server');
      const rows = await withDatabase(loadConfig(), (db) => listFapiao(db, all));
      const lines = rows.map((row) => [
        ...[
          row.id,
          row.state,
          row.createdAt.toISOString().slice(0, 10),
          row.number + (row.simulated ? ' (simulated)' : ''),
        ],
        ...[yuan(row.fen), row.title, row.taxNumber ?? '', row.email, row.note ?? ''],
      ]);
      const head = ['id', 'state', 'since', 'order', 'CNY', 'made out to', 'tax number', 'e-mail', 'number or reason'];
      print(json, rows, lines.length > 0 ? table(head, lines) : ['no requests']);
    });

const end = (name: 'issue' | 'refuse', state: 'issued' | 'refused', description: string) =>
  new Command(name)
    .description(description)
    .argument('<id>', 'the id that list shows')
    .requiredOption(...BY)
    .option('--json', 'print JSON')
    .action(async (id: string, { number, reason, operator, json }: Options) => {
      const note = name === 'issue' ? number : reason;
      await decide(operator, async ({ endFapiao }, { db, clock }, by) => [
        await endFapiao(db, id, { state, note }, by, clock()),
        { act: `fapiao.${state}`, subject: `fapiao ${id}`, reason: note },
      ]);
      print(json, { id, state }, [`request ${id} is ${state}`]);
    });

/** `hili fapiao …`. */
export function fapiaoCommand(): Command {
  return new Command('fapiao')
    .summary('requests for a fapiao: list, issue, refuse')
    .description('Looks after requests for an invoice of the Chinese tax office.')
    .addHelpText('after', NOTE)
    .addCommand(list())
    .addCommand(
      end('issue', 'issued', 'Notes that a fapiao has been made.').requiredOption('--number <number>', 'its number'),
    )
    .addCommand(
      end('refuse', 'refused', 'Refuses a request.').requiredOption('--reason <words>', 'why; the buyer reads it'),
    );
}
