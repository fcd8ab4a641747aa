import type { CSSProperties } from 'react';

interface ProgressProps {
  readonly label: string;
  /** 0 to 1; undefined when nobody can tell. */
  readonly value: number | undefined;
}

/** A progress bar. Between two reports it glides. */
export function Progress({ label, value }: ProgressProps) {
  const known = value !== undefined;
  const style = known ? ({ '--done': Math.min(1, Math.max(0, value)) } as CSSProperties) : undefined;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known ? Math.round(value * 100) : undefined}
      style={style}
      className="h-3.5 overflow-hidden rounded-full bg-well"
    >
      <div
        className={
          known
            ? 'size-full origin-left scale-x-(--done) rounded-full bg-pine transition-transform duration-700 ease-linear'
            : 'size-full animate-sweep bg-linear-to-r from-transparent via-pine to-transparent'
        }
      />
    </div>
  );
}
