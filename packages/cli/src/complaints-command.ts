import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { shellActor } from './acting.ts';
import { print } from './table.ts';

const NOTE = `
Somebody who is not satisfied with a result writes so on its page. The answer stands there for as long as the photo is kept, and goes out
by mail to whoever has an account with an address. A photo is never kept longer for it. Links to the pictures are shown only where their
owner allows it. Complaints are forgotten after 180 days.

Examples:
  hili complaints list
  hili complaints answer 3f0c9c1e-... --text "We have improved the colours. Please run it once more; we have added a photo to your account."
`;

/** What a stranger wrote, without what would steer a terminal; further lines stand under the first. */
const plain = (text: string) => text.replace(/[^\P{C}\n]/gu, '').replaceAll('\n', '\n    ');

const list = () =>
  new Command('list')
    .description('Lists complaints that are open, the oldest first.')
    .option('--all', 'answered ones too')
    .option('--json', 'print JSON')
    .action(async ({ all = false, json }: { all?: boolean; json?: boolean }) => {
      const { listForOperator } = await import('@hili/server/complaints');
      const { withAccounts } = await import('@hili/server/operators');
      const rows = await withAccounts(loadConfig(), (deps) => listForOperator(deps, all, new Date()));
      const lines = rows.flatMap((row) => [
        `${row.id}  ${row.writtenAt.toISOString()}  ${row.state}  ${row.email ?? 'a guest'}`,
        `  ${row.fault}: ${plain(row.text) || '(no words)'}`,
        `  asked: ${JSON.stringify({ recipe: row.recipe, ...row.options })}`,
        ...row.pictures.map((link) => `  ${link}`),
        ...(row.answer === null ? [] : [`  answered: ${plain(row.answer)}`]),
      ]);
      print(json, rows, lines.length > 0 ? lines : ['no complaints']);
    });

const answer = () =>
  new Command('answer')
    .description('Answers a complaint, once.')
    .argument('<id>', 'the id that list shows')
    .requiredOption('--text <words>', 'the answer, in the language of who wrote it')
    .option('--json', 'print JSON')
    .action(async (id: string, { text, json }: { text: string; json?: boolean }) => {
      const { replyToComplaint } = await import('@hili/server');
      const { withAccounts } = await import('@hili/server/operators');
      const clock = () => new Date();
      await withAccounts(loadConfig(), ({ db }) => replyToComplaint({ db, clock }, shellActor(), id, text));
      print(json, { id, state: 'answered' }, [`complaint ${id} is answered`]);
    });

/** `hili complaints …`. */
export function complaintsCommand(): Command {
  return new Command('complaints')
    .summary('people who are not satisfied with a result: list, answer')
    .description('Looks after people who are not satisfied with a result.')
    .addHelpText('after', NOTE)
    .addCommand(list())
    .addCommand(answer());
}
