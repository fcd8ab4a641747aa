import type { AdminToday } from '@hili/contract/admin';
import { Command } from 'commander';
import { onConsole } from './acting.ts';
import { yuan } from './money.ts';
import { print, table } from './table.ts';

/** What waits for an operator, in the words of the console. */
const TASKS: Readonly<Record<keyof AdminToday['tasks'], string>> = {
  issues: 'Differences in payments to look into',
  complaints: 'Complaints to answer',
  rebatesToApprove: 'Cash backs to approve',
  rebatesToPay: 'Cash backs to pay',
  transfers: 'Bank transfers to confirm as the second',
  ordersByTransfer: 'Orders whose bank transfers are to be looked for',
  refundsByTransfer: 'Refunds to send by bank',
  fapiao: 'Fapiao to issue',
  invites: 'Invites to review',
};

const seconds = (value: number | null) => (value === null ? '-' : `${value} s`);
/** What waits, and since when while anything does. */
const waitingNow = ({ waiting, oldestSeconds }: AdminToday['queue']) =>
  oldestSeconds === null ? `${waiting}` : `${waiting}, the oldest for ${seconds(oldestSeconds)}`;
const time = (iso: string) => iso.slice(11, 16);

/** How things stand, for people. */
function linesOf(today: AdminToday): string[] {
  const { photos, queue, queueWait, storage, brokenInvariants } = today;
  const waiting = Object.entries(TASKS).flatMap(([name, words]) => {
    const count = today.tasks[name as keyof AdminToday['tasks']];
    return count > 0 ? [`  ${words}: ${count}`] : [];
  });
  const money = today.money.map(({ currency, simulated, orders, paidFen, refundedFen }) => {
    const kind = simulated ? ', simulated' : '';
    return `Paid, ${currency}${kind}: ${yuan(paidFen)} by ${orders} ${orders === 1 ? 'order' : 'orders'}; given back: ${yuan(refundedFen)}`;
  });
  const waits = queueWait.filter(({ median }) => median !== null);
  return [
    brokenInvariants.length > 0 ? `The books do not balance: ${brokenInvariants.join(', ')}` : 'The books balance.',
    ...(waiting.length > 0 ? ['Waiting for you:', ...waiting] : ['Nothing waits for you.']),
    'The last 24 hours:',
    `  Photos taken in: ${photos.taken}; ${photos.done - photos.unchanged} improved, ${photos.unchanged} left as they were, ${photos.failed} failed`,
    ...today.failures.map(({ error, jobs }) => `  ${error}: ${jobs}`),
    `  Waiting now: ${waitingNow(queue)}. Running: ${queue.running}. Workers: ${queue.workers}`,
    ...money.map((line) => `  ${line}`),
    `  Stored now: ${storage.photos} photos, ${(storage.bytes / 1e6).toFixed(1)} MB; ${(storage.freeBytes / 1e9).toFixed(1)} GB free on the disk`,
    ...(storage.oldestOverdue
      ? [`  A photo should have been deleted at ${storage.oldestOverdue} and is still here.`]
      : []),
    ...(waits.length > 0
      ? table(
          ['hour (UTC)', 'half began within', '95 % within'],
          waits.map(({ at, median, p95 }) => [time(at), seconds(median), seconds(p95)]),
        )
      : []),
  ];
}

/** `hili today`. */
export function todayCommand(): Command {
  return new Command('today')
    .description(
      'Says how things stand: whether the books balance, what waits for an operator, and the figures of a day.',
    )
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const today = await onConsole(({ openToday }, deps) => openToday(deps)());
      print(json, today, linesOf(today));
    });
}
