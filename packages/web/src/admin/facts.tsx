import { Fold } from './fold.tsx';
import { useConsole } from './speech.ts';

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What a record says beside its columns, as names and values, folded away. */
export function Facts({ of }: { readonly of: Readonly<Record<string, unknown>> | null }) {
  const { t } = useConsole();
  const facts = Object.entries(of ?? {});
  if (facts.length === 0) return null;
  return (
    <Fold label={t('table.details')} isSmall>
      <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 rounded-xl bg-well px-3 py-2 text-start font-mono text-[0.9em]">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="wrap-anywhere">{textOf(value)}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}
