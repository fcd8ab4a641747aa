import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { print } from './table.ts';

const NOTE = `
The first operator is made so; there is no default password. The command works on the data of this installation (HILI_DATA or
DATABASE_URL), whether the server runs or not. The link leads to HILI_PUBLIC_URL, or to HOST and PORT.`;

const create = () =>
  new Command('create')
    .description('Makes somebody an operator and prints a link with which they set their password, once, within a day.')
    .requiredOption('--email <address>', 'their e-mail address; an account is made when there is none')
    .option('--json', 'print JSON')
    .action(async ({ email: address, json }: { email: string; json?: boolean }) => {
      const { createOperator, withAccounts } = await import('@hili/server/operators');
      const { email, isNew, link } = await withAccounts(loadConfig(), (deps) => createOperator(deps, address));
      const lines = [
        `${email} is an operator${isNew ? ', with a new account' : ''}`,
        `set the password here, within a day: ${link}`,
        'The link is shown this once and works once. Whoever has it is the operator.',
      ];
      print(json, { email, isNew, link }, lines);
    });

/** `hili operator …`. */
export function operatorCommand(): Command {
  return new Command('operator')
    .summary('people who look after this installation: create')
    .description('Looks after the people who look after this installation.')
    .addHelpText('after', NOTE)
    .addCommand(create());
}
