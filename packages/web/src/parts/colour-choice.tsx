import { useId } from 'react';
import { useSpeech } from '../language.ts';
import type { Mark } from '../marks.ts';
import { SWATCHES, type Swatch, swatchOf } from '../swatches.ts';
import { Icon } from './icons.tsx';

interface ColourChoiceProps {
  /** The place whose colour is chosen; without one there is nothing to choose yet. */
  readonly mark: Mark | undefined;
  readonly onColour: (colour: string) => void;
  readonly onRemove: () => void;
}

const OPTION =
  'flex flex-col items-center gap-1 rounded-xl px-1 py-1.5 text-center text-sm leading-tight has-focus-visible:outline-3 has-focus-visible:outline-pine';
const DOT =
  'size-9 rounded-full border-2 border-white/60 group-has-checked:border-white group-has-checked:shadow-[0_0_0_3px_#9ad3bc]';

/** The true colour of a place: one of those that people know, or any other. */
export function ColourChoice({ mark, onColour, onRemove }: ColourChoiceProps) {
  const { t } = useSpeech();
  const name = useId();
  const title = useId();
  const own = mark?.colour && !swatchOf(mark.colour) ? mark.colour : undefined;
  return (
    <div inert={!mark} className="w-full max-w-3xl inert:opacity-40">
      <div className="flex min-h-11 items-center justify-between gap-x-4">
        <p id={title} className="font-semibold">
          {t('colours.which')}
        </p>
        <button
          type="button"
          onClick={onRemove}
          className="inline-flex min-h-11 min-w-11 shrink-0 items-center justify-center gap-2 rounded-full px-3 hover:bg-white/15"
          title={t('colours.remove')}
        >
          <Icon name="trash" className="size-5" />
          <span className="max-sm:sr-only flat:sr-only">{t('colours.remove')}</span>
        </button>
      </div>
      <div role="radiogroup" aria-labelledby={title} className="grid grid-cols-5 gap-1 sm:grid-cols-9 flat:grid-cols-5">
        {(Object.keys(SWATCHES) as Swatch[]).map((key) => (
          <label key={key} className={`group cursor-pointer ${OPTION}`}>
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={mark?.colour === SWATCHES[key]}
              onChange={() => onColour(SWATCHES[key])}
            />
            <span aria-hidden="true" style={{ background: SWATCHES[key] }} className={DOT} />
            {t(`colours.swatches.${key}`)}
          </label>
        ))}
        <label className={`cursor-pointer ${OPTION}`}>
          <input
            type="color"
            value={own ?? mark?.colour ?? SWATCHES.grey}
            onChange={(event) => onColour(event.currentTarget.value)}
            className={`h-9 w-12 rounded-lg border-2 bg-transparent p-0.5 ${own ? 'border-white shadow-[0_0_0_3px_#9ad3bc]' : 'border-white/60'}`}
          />
          {t('colours.other')}
        </label>
      </div>
    </div>
  );
}
