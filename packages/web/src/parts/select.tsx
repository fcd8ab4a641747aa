import type { ComponentProps, ReactNode } from 'react';

interface SelectProps extends Omit<ComponentProps<'select'>, 'onChange'> {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Its options. */
  readonly children: ReactNode;
}

/** A choice of one among several, with its name above it. */
export function Select({ label, onChange, children, ...select }: SelectProps) {
  return (
    <label className="block">
      {label}
      <select
        {...select}
        onChange={(event) => onChange(event.currentTarget.value)}
        className="mt-1 min-h-12 w-full rounded-xl border border-edge bg-sheet px-3 text-ink"
      >
        {children}
      </select>
    </label>
  );
}
