import type { ReactNode } from 'react';
import { useTitle } from '../use-title.ts';
import { useConsole } from './speech.ts';

interface PageTitleProps {
  readonly title: string;
  readonly lead?: string;
  /** What can be done on the whole page. */
  readonly children?: ReactNode;
}

/** The head of each page of the console. */
export function PageTitle({ title, lead, children }: PageTitleProps) {
  const { t } = useConsole();
  useTitle(t('title', { page: title }));
  return (
    <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 wrap-anywhere">
        <h1 tabIndex={-1} className="text-2xl sm:text-3xl">
          {title}
        </h1>
        {lead && <p className="mt-1.5 max-w-3xl text-soft">{lead}</p>}
      </div>
      <div className="flex flex-wrap gap-2.5">{children}</div>
    </div>
  );
}
