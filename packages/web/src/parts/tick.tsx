import { useEffect, useRef } from 'react';

interface TickProps {
  /** Undefined when some of what it stands for is ticked. */
  readonly ticked: boolean | undefined;
  readonly onTick: (ticked: boolean) => void;
  /** Read out, and shown beside the box where `shown`. */
  readonly label: string;
  readonly shown?: boolean;
}

/** A box to tick, large enough for a thumb. */
export function Tick({ ticked, onTick, label, shown = false }: TickProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = ticked === undefined;
  }, [ticked]);
  return (
    <label className={`inline-flex min-h-11 min-w-11 items-center gap-2.5 ${shown ? '' : 'justify-center'}`}>
      <input
        ref={box}
        type="checkbox"
        checked={ticked ?? false}
        onChange={(event) => onTick(event.currentTarget.checked)}
        className="size-6 shrink-0 accent-pine"
      />
      <span className={shown ? '' : 'sr-only'}>{label}</span>
    </label>
  );
}
