import type { ReactNode } from 'react';

interface ScrollBoxProps {
  /** What is in it. */
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A part of the page that scrolls by itself: it can be reached by keys, and is no landmark, of which a page would then have too many. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  return (
    // biome-ignore lint/a11y: see above; it is no set of fields either
    <div role="group" aria-label={label} tabIndex={0} className={className}>
      {children}
    </div>
  );
}
