import { useId } from 'react';
import { Field } from '../parts/field.tsx';
import { Select } from '../parts/select.tsx';
import type { ActField } from './act.tsx';

interface ActInputProps {
  readonly field: ActField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A field of an act. */
export function ActInput({ field, value, onChange }: ActInputProps) {
  const id = useId();
  const { kind = 'text', label, hint, options = [], optional = false, max } = field;
  if (kind === 'choice')
    return (
      <Select label={<span className="font-semibold">{label}</span>} value={value} onChange={onChange}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </Select>
    );
  if (kind === 'lines')
    return (
      <div>
        <label htmlFor={id} className="font-semibold">
          {label}
        </label>
        <textarea
          id={id}
          rows={5}
          value={value}
          maxLength={max}
          required={!optional}
          aria-describedby={hint && `${id}-hint`}
          onChange={(event) => onChange(event.currentTarget.value)}
          className="mt-1.5 w-full rounded-xl border border-edge bg-sheet px-4 py-2.5 text-ink"
        />
        {hint && (
          <p id={`${id}-hint`} className="mt-1 text-soft">
            {hint}
          </p>
        )}
      </div>
    );
  return (
    <Field
      label={label}
      {...(hint && { hint })}
      value={value}
      onChange={onChange}
      required={!optional}
      autoComplete="off"
      {...(kind === 'number' ? { type: 'number', min: 1, max, inputMode: 'numeric' as const } : { maxLength: max })}
    />
  );
}
