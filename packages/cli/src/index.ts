// The command line: `npm run hili -- …` from a checkout.
import { Command, CommanderError } from 'commander';
import { enhanceCommand } from './enhance-command.ts';
import { explain, UsageError } from './failures.ts';

const program = new Command('hili')
  .description('Restores photos: on this machine, or by a server; and looks after a server of your own.')
  .addCommand(enhanceCommand())
  .exitOverride()
  .showHelpAfterError('(hili --help tells more)');
for (const command of program.commands) command.copyInheritedSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said its own errors already; help and version end as errors with exit code 0.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(`hili: ${explain(error).message}`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
