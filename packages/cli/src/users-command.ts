import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { act, acts, onConsole, type Said } from './acting.ts';
import { print } from './table.ts';
import { whole } from './wish.ts';

const NOTE = `
Ids are those of: hili list users --search lee@example.com

Examples:
  hili users show 3f0c9c1e-...
  hili users disable 3f0c9c1e-... --reason "stolen account" --by me@example.com
`;

const show = () =>
  new Command('show')
    .description('Shows one user as JSON: credits by lot, orders, photos without their pictures.')
    .argument('<id>', 'the id that list shows')
    .action(async (id: string) => {
      console.log(JSON.stringify(await onConsole(({ userView }, deps) => userView(deps, id)), null, 2));
    });

const change = (name: 'disable' | 'enable' | 'sign-out', description: string, done: string) =>
  acts(new Command(name).description(description).argument('<id>', 'the id that list shows')).action(
    async (id: string, { operator, reason, json }: Said) => {
      await act(operator, ({ setDisabled, signOutUser }, deps, by) =>
        name === 'sign-out' ? signOutUser(deps, by, id, reason) : setDisabled(deps, by, id, name === 'disable', reason),
      );
      print(json, { id, done }, [`user ${id} is ${done}`]);
    },
  );

/** `hili credits revoke`. */
export const revokeCredits = () =>
  acts(new Command('revoke').description('Takes back what is unused of one lot of credits.'))
    .requiredOption('--lot <id>', 'the lot, as hili users show has it', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--reference <text>', 'the same reference takes back once, however often it is run')
    .action(
      async ({
        lot,
        reference: key = randomUUID(),
        operator,
        reason,
        json,
      }: Said & { lot: number; reference?: string }) => {
        const { credits } = await act(operator, ({ revokeLot }, deps, by) => revokeLot(deps, by, lot, { key, reason }));
        print(json, { lot, revoked: credits }, [`${credits} credits taken back of lot ${lot}`]);
      },
    );

/** `hili users …`. */
export function usersCommand(): Command {
  return new Command('users')
    .summary('people with an account: show, disable, enable, sign-out')
    .description('Looks after people with an account. For their credits see hili credits.')
    .addHelpText('after', NOTE)
    .addCommand(show())
    .addCommand(change('disable', 'Refuses every further sign-in of a user, and signs them out.', 'disabled'))
    .addCommand(change('enable', 'Lets a user sign in again.', 'enabled'))
    .addCommand(change('sign-out', 'Signs a user out everywhere.', 'signed out'));
}
