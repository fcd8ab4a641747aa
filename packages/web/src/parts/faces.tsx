import type { Crop, PhotoView, ResultView } from '@hili/contract';
import { useId, useState } from 'react';
import { squareAround } from '../face-crop.ts';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { afterSource, beforeSource } from './picture.tsx';

/** Faces that are shown before all are asked for: four more would fill another screen of a phone. */
const FIRST = 4;

interface FacesProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
  /** Asks for a closer look at one. */
  readonly onLook: (face: Crop) => void;
  /** Begins to load what that takes. */
  readonly onNear: () => void;
}

/** The faces that were found in a result, beside what they were, for one look at all of them; nothing where there are none, or the result is the photo as it was. */
export function Faces({ photo, result, onLook, onNear }: FacesProps) {
  const { t } = useSpeech();
  const title = useId();
  const [all, setAll] = useState(false);
  // A server of before gives none while servers are exchanged.
  const faces = result.faces ?? [];
  const before = beforeSource(photo, result);
  if (!before || !result.changed || faces.length === 0) return null;
  return (
    <section aria-labelledby={title} className="mt-8">
      <h2 id={title} className="text-2xl">
        {t('faces.title')}
      </h2>
      <p className="mt-1 text-soft">{t('faces.text')}</p>
      <ul className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(min(100%,16rem),1fr))] gap-4">
        {faces.slice(0, all ? undefined : FIRST).map((face, at) => (
          <li key={`${face.left} ${face.top}`}>
            <button
              type="button"
              className="grid w-full grid-cols-2 gap-0.5 rounded-lg bg-print p-1 shadow-sheet transition-shadow hover:shadow-print"
              onPointerEnter={onNear}
              onFocus={onNear}
              onClick={() => onLook(face)}
            >
              <span className="sr-only">{t('faces.look', { number: at + 1, count: faces.length })}</span>
              <Part source={before} crop={squareAround(face, result)} label={t('compare.before')} />
              <Part source={afterSource(result)} crop={squareAround(face, result)} label={t('compare.after')} />
            </button>
          </li>
        ))}
      </ul>
      {faces.length > FIRST && (
        <button
          type="button"
          aria-expanded={all}
          className={`${button.quiet} mt-4`}
          onClick={() => setAll((shown) => !shown)}
        >
          {all ? t('faces.fewer') : t('faces.all', { count: faces.length })}
        </button>
      )}
    </section>
  );
}

interface PartProps {
  readonly source: string;
  readonly crop: Crop;
  readonly label: string;
}

/** A square part of a picture that is shown elsewhere on the page, and so is loaded already. */
function Part({ source, crop, label }: PartProps) {
  const percent = (share: number) => `${100 * share}%`;
  return (
    <span className="relative block aspect-square overflow-hidden bg-well">
      <img
        src={source}
        alt=""
        loading="lazy"
        decoding="async"
        draggable="false"
        className="absolute max-w-none"
        style={{
          width: percent(1 / crop.width),
          height: percent(1 / crop.height),
          left: percent(-crop.left / crop.width),
          top: percent(-crop.top / crop.height),
        }}
      />
      <span className="absolute top-2 left-2 rounded-full bg-black/65 px-2.5 text-sm font-semibold text-white">
        {label}
      </span>
    </span>
  );
}
