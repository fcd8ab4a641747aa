import { randomUUID } from 'node:crypto';
import type { PartnerRow } from '@hili/server';
import { loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { onConsole, shellActor } from './acting.ts';
import { type Expiry, expiry, terms, until } from './expiry.ts';
import { pay, payments, reverse } from './partner-payments.ts';
import { print, table } from './table.ts';
import { whole } from './wish.ts';

const EXAMPLES = `
Examples:
  hili partner create --code hiliad --name "Hili Ad" --credits 98
  hili partner grant --code hiliad --credits 1000 --expires 2028-01-01 --reference "invoice 17"
  hili partner pay --code hiliad --receipt 20260301123456 --amount 1000.00 --credits 200 --by me@example.com
  hili partner rotate --code hiliad --overlap 86400      both secrets work for a day
  hili partner list

The commands work on the data of this installation (HILI_DATA or DATABASE_URL), whether the server runs or not.`;

/** Loads the server's part only when a command needs it: help stays quick. */
async function onDatabase<T>(
  work: (
    server: typeof import('@hili/server'),
    ...given: Parameters<Parameters<typeof import('@hili/server').withDatabase<T>>[1]>
  ) => Promise<T>,
) {
  const server = await import('@hili/server');
  return server.withDatabase(loadConfig(), (db, keys) => work(server, db, keys));
}

const secretLines = (code: string, secretKey: string) => [
  `third_code: ${code}`,
  `secret_key: ${secretKey}`,
  'The secret is shown this once and cannot be read again.',
];

const clock = () => new Date();

interface Options {
  readonly code: string;
  readonly name: string;
  readonly credits: number;
  readonly expires: Expiry;
  readonly reference?: string;
  readonly overlap: number;
  readonly json?: boolean;
}

function sub(name: string, description: string, withCode = true): Command {
  const command = new Command(name).description(description).option('--json', 'print JSON');
  return withCode ? command.requiredOption('--code <code>', "the partner's third_code") : command;
}

const create = () =>
  sub('create', 'Makes a partner and prints third_code and secret_key, once.')
    .requiredOption('--name <name>', 'name of the company, for people')
    .option('--credits <number>', 'credits to begin with', whole(0, 1_000_000_000), 0)
    .option('--expires <day>', 'when these credits expire, or never (default: in a year)', expiry)
    .action(async ({ code, name, credits, expires, json }: Options) => {
      const { secretKey } = await onDatabase(({ grantPartner, makePartner }, db, keys) =>
        db.transaction().execute(async (tx) => {
          const deps = { db: tx, keys, clock };
          const made = await makePartner(deps, shellActor(), { code, name });
          const lot = { key: `partner ${code} create`, credits, ...terms(expires) };
          if (credits > 0) await grantPartner(deps, shellActor(), code, lot);
          return made;
        }),
      );
      const lines = [...secretLines(code, secretKey), `credits: ${credits}, which ${until(expires)}`];
      print(json, { third_code: code, secret_key: secretKey, credits }, lines);
    });

const grant = () =>
  sub('grant', 'Gives a partner credits.')
    .requiredOption('--credits <number>', 'how many', whole(1, 1_000_000_000))
    .option('--expires <day>', 'when they expire, or never (default: in a year)', expiry)
    .option('--reference <text>', 'what they are for; the same reference grants once, however often it is run')
    .action(async ({ code, credits, expires, reference = randomUUID(), json }: Options) => {
      const lot = { key: `partner ${code} grant ${reference}`, credits, ...terms(expires) };
      const { isNew: granted } = await onDatabase(({ grantPartner }, db) =>
        grantPartner({ db, clock }, shellActor(), code, { ...lot, reason: reference }),
      );
      const line = granted
        ? `${credits} credits granted to ${code}; they ${until(expires)}`
        : `nothing granted: "${reference}" had been granted to ${code} before`;
      print(json, { third_code: code, granted: granted ? credits : 0 }, [line]);
    });

const row = ({ code, name, credits, createdAt, disabledAt }: PartnerRow) => [
  code,
  name,
  String(credits),
  createdAt.toISOString().slice(0, 10),
  disabledAt ? `disabled ${disabledAt.toISOString().slice(0, 10)}` : 'active',
];

const list = () =>
  sub('list', 'Lists all partners with the credits that they can spend now.', false).action(
    async ({ json }: Options) => {
      const partners = await onDatabase(({ listPartners }, db) => listPartners(db, new Date()));
      print(json, partners, table(['code', 'name', 'credits', 'since', 'state'], partners.map(row)));
    },
  );

const show = () =>
  new Command('show')
    .description('Shows one partner as JSON: its secrets by age, credits by lot, and what it used in 30 days.')
    .argument('<code>', "the partner's third_code")
    .action(async (code: string) => {
      console.log(JSON.stringify(await onConsole(({ partnerView }, deps) => partnerView(deps, code)), null, 2));
    });

const disable = () =>
  sub('disable', 'Refuses every further call of a partner. Photos under way are finished.').action(
    async ({ code, json }: Options) => {
      await onDatabase(({ setPartnerDisabled }, db) => setPartnerDisabled({ db, clock }, shellActor(), code, true, {}));
      print(json, { third_code: code, disabled: true }, [`${code} is disabled`]);
    },
  );

const enable = () =>
  sub('enable', 'Takes calls of a disabled partner again.').action(async ({ code, json }: Options) => {
    await onDatabase(({ setPartnerDisabled }, db) => setPartnerDisabled({ db, clock }, shellActor(), code, false, {}));
    print(json, { third_code: code, disabled: false }, [`${code} is enabled`]);
  });

const addresses = () =>
  sub('addresses', 'Sets from where a partner may call; without any, from anywhere.')
    .argument('[networks...]', 'IP addresses or networks, such as 192.0.2.7 or 192.0.2.0/24')
    .action(async (networks: string[], { code, json }: Options) => {
      await onDatabase(({ limitPartner }, db) =>
        limitPartner({ db, clock }, shellActor(), code, { addresses: networks }),
      );
      const where = networks.length > 0 ? networks.join(', ') : 'anywhere';
      print(json, { third_code: code, addresses: networks }, [`${code} may call from ${where}`]);
    });

const rotate = () =>
  sub('rotate', 'Gives a partner a new secret_key and prints it, once. The old one goes on for a while.')
    .option('--overlap <seconds>', 'seconds for which the old secret goes on', whole(0, 31_536_000), 86_400)
    .action(async ({ code, overlap, json }: Options) => {
      const { secretKey } = await onDatabase(({ renewSecret }, db, keys) =>
        renewSecret({ db, keys, clock }, shellActor(), code, { overlapSeconds: overlap }),
      );
      const lines = [...secretLines(code, secretKey), `The old secret works for another ${overlap} seconds.`];
      print(json, { third_code: code, secret_key: secretKey, overlap_seconds: overlap }, lines);
    });

/** `hili partner …`. */
export function partnerCommand(): Command {
  const command = new Command('partner')
    .alias('partners')
    .summary(
      'companies that use the partner API: create, grant, pay, payments, reverse, list, show, disable, enable, rotate, addresses',
    )
    .description('Looks after the companies that use the partner API.')
    .addHelpText('after', EXAMPLES);
  for (const make of [create, grant, pay, payments, reverse, list, show, disable, enable, rotate, addresses])
    command.addCommand(make());
  return command;
}
