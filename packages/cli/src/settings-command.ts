import { LIVE_SETTINGS } from '@hili/contract/admin';
import { Argument, Command } from 'commander';
import { act, acts, onConsole, type Said } from './acting.ts';
import { print, table } from './table.ts';

const KEY = () => new Argument('<key>', 'the setting').choices(LIVE_SETTINGS);

const list = () =>
  new Command('list')
    .description('Lists the settings that need no restart, and where each value comes from.')
    .option('--json', 'print JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const rows = await onConsole(({ listLive }, { db, config }) => listLive(db, config));
      const lines = rows.map(({ key, value, from, otherwise, changedBy }) => [
        key,
        value,
        from,
        otherwise,
        changedBy ?? '',
      ]);
      print(json, rows, table(['setting', 'value', 'from', 'otherwise', 'by'], lines));
    });

async function change(key: string, value: string | null, { operator, reason, json }: Said): Promise<void> {
  await act(operator, ({ changeSetting }, { db, config, clock }, by) =>
    changeSetting(db, config, by, { key, value, reason }, clock()),
  );
  print(json, { key, value }, [value === null ? `${key} is what it was before` : `${key} is ${value}`]);
}

/** `hili settings …`. */
export function settingsCommand(): Command {
  const set = new Command('set')
    .description('Changes a setting everywhere at once.')
    .addArgument(KEY())
    .argument('<value>', 'as in the environment');
  const unset = new Command('unset').description('Takes a change back.').addArgument(KEY());
  return new Command('settings')
    .summary('settings that need no restart: list, set, unset')
    .description('Looks after the settings that need no restart.')
    .addCommand(list())
    .addCommand(acts(set).action((key: string, value: string, said: Said) => change(key, value, said)))
    .addCommand(acts(unset).action((key: string, said: Said) => change(key, null, said)));
}
