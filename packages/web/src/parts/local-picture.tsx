import { useEffect } from 'react';
import { editedSize, type Size } from '../edit.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { showUnseen } from '../pictures.ts';
import type { TrayPhoto } from '../tray.ts';
import { EditedPicture, usePictureSize } from './edited-picture.tsx';
import { Icon } from './icons.tsx';
import { Frame } from './workbench.tsx';

/** The shape of a place held for a picture that is not loaded yet. */
const UNKNOWN = { width: 4, height: 3 };

/** The chosen photo, shown from memory; where the browser cannot show its kind, the server makes a picture of it. */
export function LocalPicture({ photo }: { readonly photo: TrayPhoto }) {
  const { t } = useSpeech();
  const { url, edit } = photo;
  const size = usePhotoSize(photo);
  if (!url) return <Unseen photo={photo} />;
  return (
    <Frame {...(size ? editedSize(size, edit) : UNKNOWN)}>
      {size && (
        <EditedPicture
          source={url}
          edit={edit}
          alt={t('choice.alt')}
          className="print absolute inset-0 size-full animate-appear"
        />
      )}
    </Frame>
  );
}

/** Pixels of a photo as this browser shows it. When it cannot, the server is asked for a picture. */
export function usePhotoSize(photo: TrayPhoto): Size | undefined {
  const { url } = photo;
  const size = usePictureSize(url ?? '');
  useEffect(() => {
    if (url && size === null) void showUnseen(photo);
  }, [url, size, photo]);
  return size ?? undefined;
}

function Unseen({ photo: { file, sent, state, problem } }: { readonly photo: TrayPhoto }) {
  const { t, language } = useSpeech();
  return (
    <Frame {...UNKNOWN}>
      <div className="print absolute inset-0 grid content-center justify-items-center gap-1.5 overflow-hidden bg-well p-4 text-center text-soft sm:gap-3">
        <Icon name="photo" className="size-10 sm:size-16" />
        <p className="line-clamp-2 font-semibold break-all text-ink">{file.name}</p>
        {!problem && <p className="max-w-sm leading-snug">{t('choice.noPreview')}</p>}
        {!problem && state === 'chosen' && sent > 0 && (
          <p className="tabular-nums">{t('tray.preview', { percent: percent(language, sent) })}</p>
        )}
      </div>
    </Frame>
  );
}
