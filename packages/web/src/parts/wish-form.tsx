import type { Wish } from '@hili/contract';
import { useState } from 'react';
import type { Size } from '../edit.ts';
import { useSpeech } from '../language.ts';
import { applying, settingsOf } from '../wishes.ts';
import { button } from './button.ts';
import { FormatChoice } from './format-choice.tsx';
import { Presets } from './presets.tsx';
import { RecipeChoice } from './recipe-choice.tsx';
import { SizeChoice } from './size-choice.tsx';
import { StrengthChoice } from './strength-choice.tsx';

export interface WishFormProps {
  readonly value: Wish;
  /** Called with what applies to the recipe only; how the photo is turned and cut stays as it was in `value`. */
  readonly onChange: (wish: Wish) => void;
  /** Pixels of the photo once it is turned and cut; without it the form says no result's size. */
  readonly picture?: Size | undefined;
}

/** What shall be done with a photo: four plain choices, and all the rest folded away, since its defaults suit nearly everybody. */
export function WishForm({ value, onChange, picture }: WishFormProps) {
  const { t } = useSpeech();
  // What one recipe has no use for comes back with the next that has.
  const [all, setAll] = useState(value);
  const change = (wish: Wish) => {
    const idle = Object.entries(all).filter(([name]) => !(name in applying({ ...all, ...value })));
    const next = { ...Object.fromEntries(idle), ...wish };
    setAll(next);
    onChange(applying(next));
  };
  const changed = settingsOf(value);
  return (
    <div className="flex flex-col gap-4">
      <RecipeChoice value={value} onChange={change} />
      <details>
        <summary className="min-h-11 rounded-lg py-2 text-soft hover:text-ink">
          {t('choice.more')}
          {changed.length > 0 && (
            <span className="ms-3 rounded-full bg-honey px-3 py-0.5 text-sm text-ink">
              {t('choice.changed', { count: changed.length })}
            </span>
          )}
        </summary>
        <div className="grid gap-5 pt-2 pb-1">
          <StrengthChoice value={value} onChange={change} />
          {value.recipe !== 'bg' && <SizeChoice value={value} onChange={change} picture={picture} />}
          <FormatChoice value={value} onChange={change} />
          {changed.length > 0 && (
            <button
              type="button"
              className={`${button.plain} justify-self-start`}
              onClick={() =>
                change(
                  Object.fromEntries(
                    Object.entries(value).filter(([name]) => !changed.includes(name)),
                  ) as unknown as Wish,
                )
              }
            >
              {t('choice.usual')}
            </button>
          )}
          <Presets value={value} onChange={change} />
        </div>
      </details>
    </div>
  );
}
