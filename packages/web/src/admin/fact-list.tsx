import type { ReactNode } from 'react';
import { type ConsoleKey, useConsole } from './speech.ts';

/** Names and values of one thing, side by side. */
export function FactList({ facts }: { readonly facts: readonly (readonly [ConsoleKey, ReactNode])[] }) {
  const { t } = useConsole();
  return (
    <dl className="mt-5 grid grid-cols-2 gap-x-6 gap-y-3 rounded-3xl border border-line bg-sheet p-5 sm:grid-cols-3 xl:grid-cols-4">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-[0.92rem] text-soft">{t(name)}</dt>
          <dd className="font-semibold wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
