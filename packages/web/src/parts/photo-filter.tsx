import type { PhotoView } from '@hili/contract';
import { isActive } from '../client.ts';
import { useSpeech } from '../language.ts';
import { Field } from './field.tsx';

const SHOWN = ['all', 'active', 'ready', 'failed'] as const;

/** Which photos are shown: those in a state, whose name has these letters. */
interface Shown {
  readonly state: (typeof SHOWN)[number];
  readonly name: string;
}

export const EVERYTHING: Shown = { state: 'all', name: '' };
/** With more photos than these, names are searched. */
const FEW = 12;

const isIn = ({ job }: PhotoView, state: Shown['state']) =>
  state === 'all' || (isActive(job) ? 'active' : job.state === 'done' ? 'ready' : 'failed') === state;
const folded = (text: string) => text.normalize('NFKC').toLocaleLowerCase();

/** Those of the photos that are shown, in their order. */
export const shownOf = (photos: readonly PhotoView[], { state, name }: Shown): PhotoView[] =>
  photos.filter((photo) => isIn(photo, state) && folded(photo.name).includes(folded(name.trim())));

interface PhotoFilterProps {
  readonly photos: readonly PhotoView[];
  readonly value: Shown;
  readonly onChange: (value: Shown) => void;
}

/** Buttons for each state with the number of photos in it, and among many photos a search by name. */
export function PhotoFilter({ photos, value, onChange }: PhotoFilterProps) {
  const { t, language } = useSpeech();
  const number = new Intl.NumberFormat(language);
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
      <fieldset className="flex flex-wrap gap-2">
        <legend className="sr-only">{t('tasks.filter')}</legend>
        {SHOWN.map((state) => {
          const count = photos.filter((photo) => isIn(photo, state)).length;
          if (count === 0 && state !== value.state) return null;
          return (
            <button
              key={state}
              type="button"
              aria-pressed={state === value.state}
              onClick={() => onChange({ ...value, state })}
              className="inline-flex min-h-11 items-center gap-2 rounded-full border border-edge px-4 font-semibold hover:bg-well aria-pressed:border-pine aria-pressed:bg-pine aria-pressed:text-on-pine"
            >
              {t(`tasks.${state}`)} <span className="font-normal tabular-nums">{number.format(count)}</span>
            </button>
          );
        })}
      </fieldset>
      {photos.length > FEW && (
        <div className="w-full sm:w-72">
          <Field
            type="search"
            label={t('tasks.search')}
            value={value.name}
            maxLength={100}
            onChange={(name) => onChange({ ...value, name })}
          />
        </div>
      )}
    </div>
  );
}
