import { parseRgb, type RecipeName, type Wish } from '@hili/contract';
import { useId } from 'react';
import { useSpeech } from '../language.ts';
import { BACKDROPS, RECIPE_KEYS, type RecipeKey } from '../recipes.ts';
import { BackdropChoice } from './backdrop-choice.tsx';
import { Icon, RECIPE_ICONS } from './icons.tsx';

interface RecipeChoiceProps {
  readonly value: Wish;
  readonly onChange: (wish: Wish) => void;
}

/** The four recipes as radio buttons in plain words, and the colour behind the person. */
export function RecipeChoice({ value, onChange }: RecipeChoiceProps) {
  const { t } = useSpeech();
  const name = useId();
  return (
    <fieldset className="flex flex-col gap-2.5">
      <legend className="sr-only">{t('choice.title')}</legend>
      {(Object.entries(RECIPE_KEYS) as [RecipeName, RecipeKey][]).map(([recipe, key]) => (
        <div key={recipe} className="rounded-2xl has-checked:bg-mint/60">
          <label className="flex gap-4 rounded-2xl border-2 border-line bg-sheet p-4 transition-colors hover:border-edge has-checked:border-pine has-checked:bg-mint has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-pine">
            <input
              type="radio"
              name={name}
              value={recipe}
              checked={value.recipe === recipe}
              onChange={() => onChange({ ...value, recipe })}
              className="peer sr-only"
            />
            <Icon name={RECIPE_ICONS[key]} className="mt-0.5 size-7 text-pine" />
            <span className="min-w-0 grow">
              <span className="block text-lg/snug font-semibold">{t(`choice.recipes.${key}.name`)}</span>
              <span className="mt-0.5 block text-base/snug text-soft">{t(`choice.recipes.${key}.text`)}</span>
            </span>
            <span
              aria-hidden="true"
              className="mt-0.5 grid size-6 shrink-0 place-items-center rounded-full border-2 border-edge peer-checked:border-pine peer-checked:bg-pine [&>svg]:opacity-0 peer-checked:[&>svg]:opacity-100"
            >
              <Icon name="tick" className="size-4 text-on-pine" />
            </span>
          </label>
          {recipe === 'bg' && value.recipe === 'bg' && (
            <BackdropChoice
              value={String(value.rgb ?? BACKDROPS.white)}
              onChange={(rgb) => onChange({ ...value, rgb: parseRgb(rgb)! })}
            />
          )}
        </div>
      ))}
    </fieldset>
  );
}
