import { useState } from 'react';
import { useSpeech } from '../language.ts';
import type { LocalPhoto } from '../upload.ts';
import { Icon } from './icons.tsx';

/** The chosen file, shown from memory; a drawing and a word where the browser cannot show its kind. */
export function LocalPicture({ photo, dim = false }: { readonly photo: LocalPhoto; readonly dim?: boolean }) {
  const { t } = useSpeech();
  const [unseen, setUnseen] = useState(false);
  return (
    <div className="grid min-h-[30svh] place-items-center rounded-xl bg-well p-3 sm:p-5 lg:min-h-[60svh]">
      {unseen ? (
        <div className="grid max-w-sm justify-items-center gap-3 p-8 text-center text-soft">
          <Icon name="photo" className="size-16" />
          <p className="font-semibold break-all text-ink">{photo.file.name}</p>
          <p>{t('choice.noPreview')}</p>
        </div>
      ) : (
        <img
          key={photo.url}
          src={photo.url}
          alt={t('choice.alt')}
          onError={() => setUnseen(true)}
          className={`max-h-[42svh] max-w-full rounded-sm border-6 border-white shadow-print transition-opacity sm:border-10 lg:max-h-[68svh] ${dim ? 'opacity-60' : ''}`}
        />
      )}
    </div>
  );
}
