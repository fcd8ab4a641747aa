import { ADMIN_TABLES, type AdminTable } from '@hili/contract/admin';
import { Argument, Command } from 'commander';
import { onConsole, shellActor } from './acting.ts';
import { print, table } from './table.ts';
import { whole } from './wish.ts';

const TABLES = Object.keys(ADMIN_TABLES) as AdminTable[];
/** Characters of a cell that a terminal shows. */
const CELL = 40;

const NOTE = `
The tables of the operator's console, the newest row first.

Examples:
  hili list audit --search partner.rotate
  hili list jobs --state failed --search PHOTO_DAMAGED
  hili list orders --csv > orders.csv
`;

interface Options {
  readonly search: string;
  readonly state?: string;
  readonly owner?: string;
  readonly limit: number;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** What somebody may have typed, without what would steer a terminal. */
function plain(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString().slice(0, 19);
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text.replace(/\p{C}+/gu, ' ');
  return line.length > CELL ? `${line.slice(0, CELL - 1)}…` : line;
}

/** `hili list`. */
export function listCommand(): Command {
  return new Command('list')
    .description('Lists what the operator’s console shows, or writes all of it as CSV.')
    .addArgument(new Argument('<table>', 'which').choices(TABLES))
    .option('--search <words>', 'only rows with these words', '')
    .option('--state <state>', 'only rows in this state')
    .option('--owner <id>', 'only rows of this user, visitor or partner')
    .option('--limit <number>', 'rows at most', whole(1, 200), 50)
    .option('--csv', 'all rows, as CSV')
    .option('--json', 'print JSON')
    .addHelpText('after', NOTE)
    .action(async (name: AdminTable, { search: q, limit, csv, json, ...rest }: Options) => {
      const query = { q, limit, ...(rest.state && { state: rest.state }), ...(rest.owner && { owner: rest.owner }) };
      await onConsole(async ({ exportTable, readPage, recordAct }, deps) => {
        if (csv) {
          const { limit: _limit, ...after } = query;
          await recordAct(
            deps.db,
            shellActor(),
            { act: 'table.export', subject: `table ${name}`, after },
            deps.clock(),
          );
          for await (const chunk of exportTable(deps, name, query)) process.stdout.write(chunk);
        } else {
          const { rows } = await readPage(deps, name, query);
          const columns = Object.keys(ADMIN_TABLES[name].shape);
          const lines = rows.map((row) => columns.map((column) => plain(row[column])));
          print(json, rows, lines.length > 0 ? table(columns, lines) : ['no rows']);
        }
      });
    });
}
