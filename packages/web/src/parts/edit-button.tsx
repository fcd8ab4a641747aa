import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { change, type TrayPhoto } from '../tray.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

const PhotoEditor = lazy(() => import('./photo-editor.tsx'));

interface EditButtonProps {
  readonly photo: TrayPhoto;
  readonly kind: 'quiet' | 'icon';
}

/** Opens the editor for a chosen photo, once there is a picture of it. */
export function EditButton({ photo: { key, name, url, edit }, kind }: EditButtonProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  if (!url) return null;
  const named = kind === 'icon' ? { 'aria-label': t('tray.edit', { name }) } : {};
  return (
    <>
      <button type="button" className={button[kind]} onClick={() => setOpen(true)} {...named}>
        <Icon name="cut" className="size-5" />
        {kind === 'quiet' && t('edit.open')}
      </button>
      {open && (
        <Suspense>
          <PhotoEditor
            source={url}
            value={edit}
            onChange={(next) => change(key, { edit: next })}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  );
}
