import type { Crop, PhotoView, ResultView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { CorrectColours } from './correct-colours.tsx';
import { Faces } from './faces.tsx';
import { Hold } from './hold.tsx';
import { Icon } from './icons.tsx';

const loadViewer = () => import('./viewer.tsx');
const Viewer = lazy(loadViewer);

interface ResultToolsProps {
  readonly photo: PhotoView;
  readonly result: ResultView;
  readonly held: boolean;
  readonly onHold: (held: boolean) => void;
  readonly className?: string;
}

/**
 * The ways of looking at a finished picture, the whole window, hold for the original and each face, and of saying what is wrong with its
 * colours.
 */
export function ResultTools({ photo, result, held, onHold, className = '' }: ResultToolsProps) {
  const { t } = useSpeech();
  const [looking, setLooking] = useState<'whole' | Crop>();
  return (
    <div className={className}>
      <div className="flex flex-wrap justify-center gap-3">
        <button
          type="button"
          className={button.quiet}
          onPointerEnter={loadViewer}
          onFocus={loadViewer}
          onClick={() => setLooking('whole')}
        >
          <Icon name="look" className="size-5" />
          {t('compare.look')}
        </button>
        <Hold held={held} onHold={onHold} />
        <CorrectColours photo={photo} result={result} />
      </div>
      <Faces photo={photo} result={result} onLook={setLooking} onNear={loadViewer} />
      {looking && (
        <Suspense>
          <Viewer
            photo={photo}
            result={result}
            face={looking === 'whole' ? undefined : looking}
            onClose={() => setLooking(undefined)}
          />
        </Suspense>
      )}
    </div>
  );
}
