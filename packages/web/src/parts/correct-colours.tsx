import type { PhotoView, ResultView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { isColoured } from '../recipes.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

const loadEditor = () => import('./colour-editor.tsx');
const ColourEditor = lazy(loadEditor);

interface CorrectColoursProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
}

/** The way to say which colours are wrong, and what the true ones are; nothing where a photo was not coloured. */
export function CorrectColours({ photo, result }: CorrectColoursProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  if (!isColoured(photo.job)) return null;
  return (
    <>
      <button
        type="button"
        className={button.quiet}
        onPointerEnter={loadEditor}
        onFocus={loadEditor}
        onClick={() => setOpen(true)}
      >
        <Icon name="colour" className="size-5" />
        {t('colours.open')}
      </button>
      {open && (
        <Suspense>
          <ColourEditor photo={photo} result={result} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
