import type { PhotoView } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

const RemoveDialog = lazy(() => import('./remove-dialog.tsx'));

interface RemoveProps {
  readonly photo: PhotoView;
  /** Words; an icon; or an icon with words where there is room. */
  readonly kind: 'text' | 'icon' | 'tool';
}

/** The button that deletes a photo now, after one question. */
export function Remove({ photo, kind }: RemoveProps) {
  const { t } = useSpeech();
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button
        type="button"
        className={kind === 'text' ? button.plain : button[kind]}
        aria-label={kind === 'text' ? undefined : t('recent.delete', { name: photo.name })}
        onClick={() => setAsked(true)}
      >
        {kind === 'text' ? t('done.delete') : <Icon name="trash" />}
        {kind === 'tool' && <span className="max-xl:sr-only">{t('tasks.delete')}</span>}
      </button>
      {asked && (
        <Suspense>
          <RemoveDialog photos={[photo]} onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}
