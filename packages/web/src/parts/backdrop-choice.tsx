import { useId, useState } from 'react';
import { useSpeech } from '../language.ts';
import { BACKDROPS, rgbOfHex } from '../recipes.ts';

interface BackdropChoiceProps {
  /** `R,G,B` */
  readonly value: string;
  readonly onChange: (rgb: string) => void;
}

const SWATCHES = { white: 'bg-white', blue: 'bg-[rgb(67,142,219)]', red: 'bg-[rgb(255,0,0)]' } as const;
const OPTION =
  'flex min-h-12 items-center gap-3 rounded-full border-2 border-transparent px-3 has-checked:border-pine has-focus-visible:outline-3 has-focus-visible:outline-pine';

/** The colour behind a person: the three that offices ask for, or another. */
export function BackdropChoice({ value, onChange }: BackdropChoiceProps) {
  const { t } = useSpeech();
  const name = useId();
  const [custom, setCustom] = useState('#d9d4c7');
  const isCustom = !(Object.values(BACKDROPS) as string[]).includes(value);
  return (
    <fieldset className="px-4 pt-3 pb-4">
      <legend className="sr-only">{t('choice.backdrop')}</legend>
      <div className="flex flex-wrap gap-1.5">
        {(['white', 'blue', 'red'] as const).map((key) => (
          <label key={key} className={OPTION}>
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={value === BACKDROPS[key]}
              onChange={() => onChange(BACKDROPS[key])}
            />
            <span aria-hidden="true" className={`size-7 rounded-full border border-edge ${SWATCHES[key]}`} />
            {t(`choice.${key}`)}
          </label>
        ))}
        <span className="flex items-center">
          <label className={OPTION}>
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={isCustom}
              onChange={() => onChange(rgbOfHex(custom))}
            />
            {t('choice.custom')}
          </label>
          <input
            type="color"
            aria-label={t('choice.custom')}
            value={custom}
            onChange={(event) => {
              setCustom(event.currentTarget.value);
              onChange(rgbOfHex(event.currentTarget.value));
            }}
            className="h-11 w-14 rounded-lg border border-edge bg-sheet p-1"
          />
        </span>
      </div>
    </fieldset>
  );
}
