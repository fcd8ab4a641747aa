import { randomUUID } from 'node:crypto';
import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { shellActor } from './acting.ts';
import { type Expiry, expiry, terms, until } from './expiry.ts';
import { print } from './table.ts';
import { revokeCredits } from './users-command.ts';
import { whole } from './wish.ts';

interface Options {
  readonly email: string;
  readonly credits: number;
  readonly package?: string;
  readonly batch?: boolean;
  readonly maxSide?: number;
  readonly expires: Expiry;
  readonly reference?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  hili credits grant --email lee@example.com --credits 3 --reference "sorry for Monday"
  hili credits grant --email lee@example.com --credits 50 --package 50 --batch --max-side 6000
`;

const grant = () =>
  new Command('grant')
    .description('Gives the user of an e-mail address credits.')
    .requiredOption('--email <address>', 'the address of their account')
    .requiredOption('--credits <number>', 'how many', whole(1, 1_000_000))
    .option('--package <code>', 'the package whose place they take')
    .option('--batch', 'let several photos of theirs be under way at once')
    .option('--max-side <pixels>', 'longest side of the results that they pay for', whole(16, 20_000))
    .option('--expires <day>', 'when they expire, or never (default: in a year)', expiry)
    .option('--reference <text>', 'what they are for; the same reference grants once, however often it is run')
    .option('--json', 'print JSON')
    .action(async ({ email, credits, batch, maxSide, expires, reference = randomUUID(), json, ...rest }: Options) => {
      const { grantToUser, withAccounts } = await import('@hili/server/operators');
      const lot = {
        credits,
        ...(rest.package !== undefined && { package: rest.package }),
        ...(batch && { batch }),
        ...(maxSide !== undefined && { maxSide }),
        ...terms(expires),
        key: `user ${email} grant ${reference}`,
      };
      const granted = await withAccounts(loadConfig(), (deps) =>
        grantToUser(deps, email, lot, new Date(), shellActor()),
      );
      const line = granted
        ? `${credits} credits granted to ${email}; they ${until(expires)}`
        : `nothing granted: "${reference}" had been granted to ${email} before`;
      print(json, { email, granted: granted ? credits : 0 }, [line]);
    });

/** `hili credits …`. */
export function creditsCommand(): Command {
  return new Command('credits')
    .summary('credits of people with an account: grant, revoke')
    .description('Looks after the credits of people with an account. For companies see hili partner.')
    .addHelpText('after', EXAMPLES)
    .addCommand(grant())
    .addCommand(revokeCredits());
}
