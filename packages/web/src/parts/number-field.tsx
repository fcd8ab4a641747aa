import { useEffect, useState } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A whole number to type. What is out of range is not passed on, and put right when the field is left. */
export function NumberField({ label, unit, value, min, max, onChange }: NumberFieldProps) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const right = (typed: number) => Number.isInteger(typed) && typed >= min && typed <= max;
  return (
    <label className="block min-w-0 grow">
      {label}
      <span className="mt-1 flex items-center gap-2">
        <input
          type="text"
          inputMode="numeric"
          value={text}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            if (right(Number(currentTarget.value))) onChange(Number(currentTarget.value));
          }}
          onBlur={() => {
            const typed = Math.round(Number(text));
            const next = text.trim() && Number.isFinite(typed) ? Math.max(min, Math.min(max, typed)) : value;
            setText(String(next));
            if (next !== value) onChange(next);
          }}
          className="min-h-12 w-full min-w-0 rounded-xl border border-edge bg-sheet px-3 text-ink"
        />
        <span className="text-soft">{unit}</span>
      </span>
    </label>
  );
}
