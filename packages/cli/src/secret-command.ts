import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { shellActor } from './acting.ts';
import { print } from './table.ts';

const replace = () =>
  new Command('replace')
    .description(
      'Goes on with the secret of this machine when the one that the database was made with is lost. Partners then need new secrets (hili partner rotate), and operators with an authenticator app a new one (hili operator reset).',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { replaceSecret } = await import('@hili/server');
      const replaced = await replaceSecret(loadConfig(), shellActor());
      print(json, { replaced }, [
        replaced ? 'the database belongs to this secret now' : 'the database belonged to this secret already',
      ]);
    });

/** `hili secret …`. */
export function secretCommand(): Command {
  return new Command('secret')
    .summary('when the secret is lost: replace')
    .description('Looks after the key of signed links and sealed secrets (HILI_SECRET).')
    .addCommand(replace());
}
