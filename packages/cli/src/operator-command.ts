import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { shellActor } from './acting.ts';
import { print } from './table.ts';

const NOTE = `
The first operator is made so; there is no default password. The command works on the data of this installation (HILI_DATA or
DATABASE_URL), whether the server runs or not. The link leads to HILI_PUBLIC_URL, or to HOST and PORT:
set in .env what the server is started with, or the link leads elsewhere.`;

const create = () =>
  new Command('create')
    .description('Makes somebody an operator and prints a link with which they set their password, once, within a day.')
    .requiredOption('--email <address>', 'their e-mail address; an account is made when there is none')
    .option('--json', 'print JSON')
    .action(async ({ email: address, json }: { email: string; json?: boolean }) => {
      const { createOperator, withAccounts } = await import('@hili/server/operators');
      const { email, isNew, link } = await withAccounts(loadConfig(), async (deps) => {
        const made = await createOperator(deps, address);
        const { recordAct } = await import('@hili/server');
        const act = { act: 'operator.create', subject: `operator ${made.email}` };
        await recordAct(deps.db, shellActor(), act, new Date());
        return made;
      });
      const lines = [
        `${email} is an operator${isNew ? ', with a new account' : ''}`,
        `set the password here, within a day: ${link}`,
        'The link is shown this once and works once. Whoever has it is the operator.',
        `then sign in and open the console: ${new URL('/admin', link)}`,
      ];
      print(json, { email, isNew, link }, lines);
    });

const reset = () =>
  new Command('reset')
    .description('Ends every second factor of an operator who has lost them, and every session.')
    .requiredOption('--email <address>', 'their e-mail address')
    .option('--json', 'print JSON')
    .action(async ({ email, json }: { email: string; json?: boolean }) => {
      const { resetFactors, withAccounts } = await import('@hili/server/operators');
      await withAccounts(loadConfig(), (deps) => resetFactors(deps, email, shellActor(), new Date()));
      print(json, { email, reset: true }, [`${email} sets up a new second factor at the next sign-in`]);
    });

/** `hili operator …`. */
export function operatorCommand(): Command {
  return new Command('operator')
    .summary('people who look after this installation: create, reset')
    .description('Looks after the people who look after this installation.')
    .addHelpText('after', NOTE)
    .addCommand(create())
    .addCommand(reset());
}
