// The command line: `npm run hili -- …` from a checkout.
import { Command, CommanderError } from 'commander';
import { complaintsCommand } from './complaints-command.ts';
import { creditsCommand } from './credits-command.ts';
import { doctorCommand } from './doctor-command.ts';
import { enhanceCommand } from './enhance-command.ts';
import { explain, UsageError } from './failures.ts';
import { fapiaoCommand } from './fapiao-command.ts';
import { invitesCommand } from './invites-command.ts';
import { issuesCommand, jobsCommand } from './jobs-command.ts';
import { listCommand } from './list-command.ts';
import { modelCommand } from './model-command.ts';
import { operatorCommand } from './operator-command.ts';
import { ordersCommand } from './orders-command.ts';
import { partnerCommand } from './partner-command.ts';
import { rebatesCommand } from './rebates-command.ts';
import { secretCommand } from './secret-command.ts';
import { settingsCommand } from './settings-command.ts';
import { todayCommand } from './today-command.ts';
import { usersCommand } from './users-command.ts';
import { vouchersCommand } from './vouchers-command.ts';

/** Errors are thrown instead of ending the process, in every command; commander copies this to none that exists already. */
function settled(command: Command): Command {
  command.exitOverride().showHelpAfterError('(--help tells more)');
  command.commands.forEach(settled);
  return command;
}

const program = settled(
  new Command('hili')
    .description('Restores photos: on this machine, or by a server; and looks after a server of your own.')
    .addCommand(enhanceCommand())
    .addCommand(partnerCommand())
    .addCommand(operatorCommand())
    .addCommand(usersCommand())
    .addCommand(creditsCommand())
    .addCommand(ordersCommand())
    .addCommand(vouchersCommand())
    .addCommand(fapiaoCommand())
    .addCommand(complaintsCommand())
    .addCommand(invitesCommand())
    .addCommand(rebatesCommand())
    .addCommand(jobsCommand())
    .addCommand(issuesCommand())
    .addCommand(settingsCommand())
    .addCommand(secretCommand())
    .addCommand(todayCommand())
    .addCommand(listCommand())
    .addCommand(modelCommand())
    .addCommand(doctorCommand()),
);

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
