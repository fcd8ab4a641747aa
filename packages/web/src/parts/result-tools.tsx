import type { PhotoView, ResultView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Hold } from './hold.tsx';
import { Icon } from './icons.tsx';
import { Result } from './picture.tsx';

const loadViewer = () => import('./viewer.tsx');
const Viewer = lazy(loadViewer);

interface ResultToolsProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
}

/** The finished picture with its two ways of looking: hold for the original, and the whole window. */
export function ResultTools({ photo, result }: ResultToolsProps) {
  const { t } = useSpeech();
  const [held, setHeld] = useState(false);
  const [looking, setLooking] = useState(false);
  return (
    <>
      <Result photo={photo} result={result} held={held} />
      <div className="mt-8 flex flex-wrap justify-center gap-3">
        <button
          type="button"
          className={button.quiet}
          onPointerEnter={loadViewer}
          onFocus={loadViewer}
          onClick={() => setLooking(true)}
        >
          <Icon name="look" className="size-5" />
          {t('compare.look')}
        </button>
        <Hold held={held} onHold={setHeld} />
      </div>
      {looking && (
        <Suspense>
          <Viewer photo={photo} result={result} onClose={() => setLooking(false)} />
        </Suspense>
      )}
    </>
  );
}
