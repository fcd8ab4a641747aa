import type { ReactNode } from 'react';

interface ArticleProps {
  readonly title: string;
  readonly lead: string;
  readonly children: ReactNode;
}

/** A page that is read from top to bottom. */
export function Article({ title, lead, children }: ArticleProps) {
  return (
    <article className="mx-auto w-full max-w-3xl px-4 py-14 sm:px-8">
      <h1 tabIndex={-1} className="text-4xl">
        {title}
      </h1>
      {lead && <p className="mt-5 text-xl text-soft">{lead}</p>}
      {children}
    </article>
  );
}
