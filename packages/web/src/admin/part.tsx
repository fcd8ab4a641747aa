import { type ReactNode, useId } from 'react';

interface PartProps {
  readonly title: string;
  /** Links beside the heading. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One matter of a page about one thing. */
export function Part({ title, aside, children }: PartProps) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="mt-8">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-6">
        <h2 id={heading} className="text-2xl">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
