import { type CSSProperties, useId } from 'react';

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The value in words. */
  readonly text: string;
  /** What its two ends mean. */
  readonly ends: readonly [string, string];
  readonly onChange: (value: number) => void;
}

/** A setting that goes from one end to the other, with words at both. */
export function Slider({ label, value, min, max, step, text, ends, onChange }: SliderProps) {
  const id = useId();
  const share = (value - min) / (max - min);
  // The thumb is 1.75rem wide and stays within the track.
  const style = { '--at': `calc(0.875rem + ${share} * (100% - 1.75rem))` } as CSSProperties;
  return (
    <div>
      <p className="flex justify-between gap-3">
        <label htmlFor={id}>{label}</label>
        <span className="text-soft tabular-nums">{text}</span>
      </p>
      <input
        id={id}
        type="range"
        {...{ min, max, step, value, style }}
        aria-valuetext={text}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
        className="slide block w-full"
      />
      <p aria-hidden="true" className="-mt-1.5 flex justify-between gap-3 text-sm text-soft">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </p>
    </div>
  );
}
