import { type ReactNode, useId } from 'react';

interface CardProps {
  readonly title: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** One matter of a page, under its own heading. */
export function Card({ title, className = '', children }: CardProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className={`rounded-3xl border border-line bg-sheet p-6 wrap-anywhere sm:p-8 ${className}`}
    >
      <h2 id={id} className="text-2xl">
        {title}
      </h2>
      <div className="mt-4 flex flex-col items-start gap-4">{children}</div>
    </section>
  );
}
