import type { PhotoView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

const RemoveDialog = lazy(() => import('./remove-dialog.tsx'));

interface RemoveProps {
  readonly photo: PhotoView;
  readonly kind: 'text' | 'icon';
}

/** The button that deletes a photo now, after one question. */
export function Remove({ photo, kind }: RemoveProps) {
  const { t } = useSpeech();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button
        type="button"
        className={kind === 'icon' ? button.icon : button.plain}
        title={kind === 'icon' ? t('tasks.delete') : undefined}
        aria-label={kind === 'icon' ? t('recent.delete', { name: photo.name }) : undefined}
        onClick={() => setAsked(true)}
      >
        {kind === 'icon' ? <Icon name="trash" /> : t('done.delete')}
      </button>
      {asked && (
        <Suspense>
          <RemoveDialog photos={[photo]} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}
