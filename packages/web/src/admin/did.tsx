import { Code, Short, To } from './marks.tsx';
import { type ConsoleKey, useConsole } from './speech.ts';
import type { ConsoleTexts } from './texts.ts';

type Thing = keyof ConsoleTexts['thing'];

/** The table in which a thing is found by its id; those that are not here are named only. */
const TABLE_OF = {
  ...{ job: 'jobs', partner: 'partners', rebate: 'rebates', invite: 'invites', complaint: 'complaints' },
  ...{ transfer: 'transfers', batch: 'batches', fapiao: 'fapiao' },
} as const satisfies Partial<Record<Thing, string>>;
const PAGE_OF = { user: 'users', operator: 'users', order: 'orders' } as const satisfies Partial<Record<Thing, string>>;

const isUuid = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
const has = <Known extends object>(known: Known, key: string): key is Extract<keyof Known, string> =>
  Object.hasOwn(known, key);

/** What an operator did, in words, and by the name under which the audit is searched. */
export function Did({ act }: { readonly act: string }) {
  const { t } = useConsole();
  const words = t(`did.${act}` as ConsoleKey);
  return (
    <>
      {words !== `did.${act}` && <span className="block">{words}</span>}
      <span className="whitespace-nowrap text-soft">
        <Code>{act}</Code>
      </span>
    </>
  );
}

/** To what: `order 3f0c…` leads to that order. */
export function Subject({ of }: { readonly of: string }) {
  const { t } = useConsole();
  const [, thing = '', id = ''] = /^(\w+) (.+)$/.exec(of) ?? [];
  const words = t(`thing.${thing}` as ConsoleKey);
  if (words === `thing.${thing}`) return <>{of}</>;
  const name = <Short>{id}</Short>;
  return (
    <>
      {words}{' '}
      {has(PAGE_OF, thing) && isUuid(id) ? (
        <To place={PAGE_OF[thing]} id={id}>
          {name}
        </To>
      ) : has(TABLE_OF, thing) ? (
        <To place={TABLE_OF[thing]} search={{ q: id }}>
          {name}
        </To>
      ) : (
        <Code>{id}</Code>
      )}
    </>
  );
}
