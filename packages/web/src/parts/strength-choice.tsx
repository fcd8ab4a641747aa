import type { Wish } from '@hili/contract';
import { useId } from 'react';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { STRENGTHS, type StrengthKey, strengthsOf } from '../wishes.ts';

interface StrengthChoiceProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
}

/** How much of each step of the recipe is applied; all of it unless the visitor says less. */
export function StrengthChoice({ value, onChange }: StrengthChoiceProps) {
  return strengthsOf(value.recipe).map((step) => {
    const { [STRENGTHS[step]]: share = 1, ...rest } = value;
    return (
      <Strength
        key={step}
        step={step}
        value={share}
        onChange={(next) => onChange(next === 1 ? rest : { ...rest, [STRENGTHS[step]]: next })}
      />
    );
  });
}

interface StrengthProps {
  readonly step: StrengthKey;
  /** 0 to 1 */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

function Strength({ step, value, onChange }: StrengthProps) {
  const { t, language } = useSpeech();
  const id = useId();
  return (
    <div>
      <p className="flex justify-between gap-3">
        <label htmlFor={id}>{t(`choice.strength.${step}.name`)}</label>
        <span className="text-soft tabular-nums">{percent(language, value)}</span>
      </p>
      <input
        id={id}
        type="range"
        min="0"
        max="100"
        step="5"
        value={Math.round(100 * value)}
        aria-valuetext={percent(language, value)}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber / 100)}
        className="block h-11 w-full accent-pine"
      />
      <p aria-hidden="true" className="-mt-1.5 flex justify-between gap-3 text-sm text-soft">
        <span>{t(`choice.strength.${step}.least`)}</span>
        <span>{t(`choice.strength.${step}.most`)}</span>
      </p>
    </div>
  );
}
