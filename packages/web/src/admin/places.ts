import type { AdminTable, AdminToday } from '@hili/contract/admin';

/** Pages of the console that are no table. */
type PageName = 'models' | 'settings' | 'security';

/** Every place of the console, in the order and groups in which an operator goes through them. */
export const GROUPS = [
  { name: 'photos', places: ['jobs', 'complaints'] },
  { name: 'people', places: ['users', 'partners', 'invites'] },
  { name: 'money', places: ['orders', 'issues', 'transfers', 'rebates', 'batches', 'fapiao', 'ledger'] },
  { name: 'house', places: ['models', 'settings', 'audit', 'security'] },
] as const satisfies readonly { name: string; places: readonly (AdminTable | PageName)[] }[];

export type Place = (typeof GROUPS)[number]['places'][number];

/** What waits for an operator: the count, and the selection of a table that shows it. */
export const TASKS = [
  { task: 'issues', place: 'issues', state: 'open' },
  { task: 'complaints', place: 'complaints', state: 'open' },
  { task: 'rebatesToApprove', place: 'rebates', state: 'claimed' },
  { task: 'rebatesToPay', place: 'rebates', state: 'approved' },
  { task: 'transfers', place: 'transfers', state: 'draft' },
  { task: 'ordersByTransfer', place: 'orders', state: 'paying', q: 'offline' },
  { task: 'refundsByTransfer', place: 'orders', state: 'refunding', q: 'offline' },
  { task: 'fapiao', place: 'fapiao', state: 'open' },
  { task: 'invites', place: 'invites', state: 'review' },
] as const satisfies readonly { task: keyof AdminToday['tasks']; place: Place; state: string; q?: string }[];

/** How many tasks wait at a place. */
export const waitingAt = (tasks: AdminToday['tasks'], place: Place): number =>
  TASKS.filter((one) => one.place === place).reduce((sum, { task }) => sum + tasks[task], 0);
