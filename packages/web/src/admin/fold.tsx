import type { ReactNode } from 'react';

interface FoldProps {
  readonly label: string;
  readonly open?: boolean;
  /** In a row of a table there is no room for a whole finger. */
  readonly isSmall?: boolean;
  readonly children: ReactNode;
}

/** What is folded away until it is asked for. */
export function Fold({ label, open = false, isSmall = false, children }: FoldProps) {
  return (
    <details open={open} className="group mt-1">
      <summary
        className={`inline-flex cursor-pointer items-center gap-1.5 text-soft before:content-['▸'/''] group-open:before:content-['▾'/''] hover:text-ink ${isSmall ? 'min-h-6' : 'min-h-11'}`}
      >
        {label}
      </summary>
      {children}
    </details>
  );
}
