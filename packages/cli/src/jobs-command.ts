import { Command } from 'commander';
import { act, acts, type Said } from './acting.ts';
import { print } from './table.ts';

const change = (name: 'cancel' | 'retry', description: string) =>
  acts(new Command(name).description(description).argument('<id>', 'the id that hili list jobs shows')).action(
    async (id: string, { operator, reason, json }: Said) => {
      const made = await act(operator, async ({ cancelJob, retryJob }, deps, by) => {
        if (name === 'retry') return retryJob(deps, by, id, reason);
        await cancelJob(deps, by, id, reason);
        return undefined;
      });
      print(json, { id, ...(made && { job: made }) }, [
        made ? `job ${id} runs again as ${made}` : `job ${id} is cancelled`,
      ]);
    },
  );

/** `hili jobs …`. */
export function jobsCommand(): Command {
  return new Command('jobs')
    .summary('runs on photos: cancel, retry')
    .description('Looks after runs on photos; hili list jobs finds them.')
    .addCommand(change('cancel', 'Ends a run under way and gives its credit back.'))
    .addCommand(change('retry', 'Runs a failed one again for its owner, at the price of a new one.'));
}

/** `hili issues …`. */
export function issuesCommand(): Command {
  const resolve = acts(new Command('resolve'), false)
    .description('Ends a difference between a provider’s books and ours with what was done about it.')
    .argument('<id>', 'the id that hili list issues shows')
    .requiredOption('--note <words>', 'what was done')
    .action(async (id: string, { operator, note, json }: Said & { note: string }) => {
      await act(operator, ({ settleIssue }, deps, by) => settleIssue(deps, by, Number(id), note));
      print(json, { id, state: 'resolved' }, [`difference ${id} is resolved`]);
    });
  return new Command('issues')
    .summary('what providers say that does not fit our books: resolve')
    .description('Looks after what providers say that does not fit our books; hili list issues finds it.')
    .addCommand(resolve);
}
