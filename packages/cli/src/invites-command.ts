import { INVITE_STATES, type InviteState } from '@hili/contract';
import { loadConfig } from '@hili/server/config';
import { Command, Option } from 'commander';
import { act } from './acting.ts';
import { print, table } from './table.ts';

const NOTE = `
Both sides of an invite get photos when the friend has paid for the first time, and used so much of it as the smallest package costs, or
can no longer give it back. Where something is odd, nobody gets anything before an operator has decided:
  device    the friend's account was made in a browser that had shown the inviter's own page of invites
  network   both were at one network (/24, or /64 of IPv6) within a day
  email     somebody of the friend's address has invited, or was invited, before
  payer     the friend's order was paid by who paid for the inviter
  burst     more than five friends joined by this inviter within a day

Examples:
  hili invites list --state review
  hili invites approve 3f0c9c1e-... --operator me@example.com
`;

const list = () =>
  new Command('list')
    .description('Lists invites, the newest first.')
    .addOption(new Option('--state <state>', 'only those in this state').choices(INVITE_STATES))
    .option('--json', 'print JSON')
    .action(async ({ state, json }: { state?: InviteState; json?: boolean }) => {
      const { listCases, withDatabase } = await import('@hili/server');
      const cases = await withDatabase(loadConfig(), (db) => listCases(db, state));
      const rows = cases.map(({ emailHash: _hash, ...row }) => row);
      const lines = rows.map((row) => [
        ...[row.id, row.state, row.suspicion ?? '', row.inviter ?? 'gone', row.invitee ?? 'gone'],
        row.boundAt.toISOString().slice(0, 10),
      ]);
      const head = ['id', 'state', 'odd', 'inviter', 'friend', 'joined'];
      print(json, rows, lines.length > 0 ? table(head, lines) : ['no invites']);
    });

interface Decision {
  readonly operator: string;
  readonly json?: boolean;
}

const decision = (name: 'approve' | 'refuse', description: string, done: string) =>
  new Command(name)
    .description(description)
    .argument('<id>', 'the id that list shows')
    .requiredOption('--operator <address>', 'who decides; never about themselves')
    .option('--json', 'print JSON')
    .action(async (id: string, { operator, json }: Decision) => {
      await act(operator, ({ decideInvite }, deps, by) => decideInvite(deps, by, id, name));
      print(json, { id, state: done }, [`invite ${id} is ${done.replace('_', ' ')}`]);
    });

/** `hili invites …`. */
export function invitesCommand(): Command {
  return new Command('invites')
    .summary('friends that people have invited: list, approve, refuse')
    .description('Looks after invites.')
    .addHelpText('after', NOTE)
    .addCommand(list())
    .addCommand(decision('approve', 'Rewards both sides of an invite that is in review.', 'rewarded'))
    .addCommand(decision('refuse', 'Ends an invite that is in review without a reward.', 'refused'));
}
