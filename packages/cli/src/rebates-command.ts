import { REBATE_STATES, type RebateState } from '@hili/contract';
import { loadConfig } from '@hili/server/config';
import { Command, Option } from 'commander';
import { act } from './acting.ts';
import { print, table } from './table.ts';

const NOTE = `
A rebate is accrued with a paid order (REBATE_FEN), can be claimed after REBATE_DAYS, and is then claimed by its owner and approved by an
operator. Paid by hand in WeChat (method manual), it is noted here with the number of that payment. Where WECHAT_SERVICE_APPID is set it is
sent by WeChat (method transfer) within seconds of the approval, and its owner accepts it there; the columns say how far that is, and what
WeChat says against it. Nobody decides about their own.

Examples:
  hili rebates list --state claimed
  hili rebates approve 3f0c9c1e-... --operator me@example.com
  hili rebates paid 3f0c9c1e-... --receipt 1000050001202603011234567890 --operator me@example.com
  hili rebates return 3f0c9c1e-... --reason "nobody has this WeChat ID" --operator me@example.com
`;

const list = () =>
  new Command('list')
    .description('Lists rebates, the oldest first, with whom to pay while somebody waits for it.')
    .addOption(new Option('--state <state>', 'only those in this state').choices(REBATE_STATES))
    .option('--json', 'print JSON')
    .action(async ({ state, json }: { state?: RebateState; json?: boolean }) => {
      const { listRebates, showPayee, withDatabase } = await import('@hili/server');
      const rows = await withDatabase(loadConfig(), async (db, keys) =>
        (await listRebates(db, state)).map((row) => {
          const { payeeHash: _hash, payee: _sealed, ...rest } = row;
          return { ...rest, payee: showPayee(keys, row) };
        }),
      );
      const lines = rows.map(({ id, state: now, method, fen, simulated, email, payee, others, receipt, ...row }) => [
        ...[id, now, method ?? '', `${(fen / 100).toFixed(2)}${simulated ? ' simulated' : ''}`, email ?? 'gone'],
        ...[payee ? `${payee.wechat} (${payee.name})` : '', others > 0 ? String(others) : '', receipt ?? ''],
        [row.payoutState, row.payoutTrouble].filter(Boolean).join(': '),
      ]);
      const head = ['id', 'state', 'method', 'CNY', 'account', 'WeChat', 'other accounts of it', 'receipt', 'transfer'];
      print(json, rows, lines.length > 0 ? table(head, lines) : ['no rebates']);
    });

interface Decision {
  readonly operator: string;
  readonly reason: string;
  readonly receipt: string;
  readonly json?: boolean;
}

const decision = (name: 'approve' | 'reject' | 'return' | 'paid', description: string) =>
  new Command(name)
    .description(description)
    .argument('<id>', 'the id that list shows')
    .requiredOption('--operator <address>', 'who decides; never about themselves')
    .option('--json', 'print JSON')
    .action(async (id: string, { operator, reason, receipt, json }: Decision) => {
      const state = await act(operator, ({ decideRebate }, deps, by) => {
        if (name === 'approve') return decideRebate(deps, by, id, { verdict: name });
        return decideRebate(deps, by, id, name === 'paid' ? { verdict: name, receipt } : { verdict: name, reason });
      });
      print(json, { id, state }, [`rebate ${id} is ${state}`]);
    });

/** `hili rebates …`. */
export function rebatesCommand(): Command {
  const reason = ['--reason <words>', 'why; the owner reads it'] as const;
  return new Command('rebates')
    .summary('cash back on orders: list, approve, reject, return, paid')
    .description('Looks after rebates.')
    .addHelpText('after', NOTE)
    .addCommand(list())
    .addCommand(decision('approve', 'Lets a claimed rebate be paid, or has WeChat pay it.'))
    .addCommand(decision('reject', 'Refuses a claimed rebate for good.').requiredOption(...reason))
    .addCommand(
      decision('return', 'Gives a claimed or approved rebate back, to be claimed again.').requiredOption(...reason),
    )
    .addCommand(
      decision('paid', 'Notes that an approved rebate has been paid by hand.').requiredOption(
        '--receipt <number>',
        'the number of the payment in WeChat; one payment is one rebate',
      ),
    );
}
