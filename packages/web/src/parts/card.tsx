import { type ReactNode, useEffect, useId, useRef } from 'react';

interface CardProps {
  readonly title: string;
  /** For links that lead to it. */
  readonly id?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** One matter of a page, under its own heading. */
export function Card({ title, id, className = '', children }: CardProps) {
  const heading = useId();
  const section = useRef<HTMLElement>(null);
  // A card that is loaded late was not there when the link was followed.
  useEffect(() => {
    if (id && location.hash === `#${id}`) section.current?.scrollIntoView();
  }, [id]);
  return (
    <section
      ref={section}
      id={id}
      aria-labelledby={heading}
      className={`rounded-3xl border border-line bg-sheet p-6 wrap-anywhere sm:p-8 ${className}`}
    >
      <h2 id={heading} className="text-2xl">
        {title}
      </h2>
      <div className="mt-4 flex flex-col items-start gap-4">{children}</div>
    </section>
  );
}
