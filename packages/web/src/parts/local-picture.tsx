import { useState } from 'react';
import { useSpeech } from '../language.ts';
import type { LocalPhoto } from '../upload.ts';
import { Icon } from './icons.tsx';
import { Frame } from './workbench.tsx';

/** The shape of a place held for a picture that is not loaded yet. */
const UNKNOWN = { width: 4, height: 3 };

/** The chosen file, shown from memory; a drawing and a word where the browser cannot show its kind. */
export function LocalPicture({ photo }: { readonly photo: LocalPhoto }) {
  const { t } = useSpeech();
  const [shape, setShape] = useState<typeof UNKNOWN>();
  const [unseen, setUnseen] = useState(false);
  if (unseen)
    return (
      <Frame {...UNKNOWN}>
        <div className="print absolute inset-0 grid content-center justify-items-center gap-3 bg-well p-6 text-center text-soft">
          <Icon name="photo" className="size-16" />
          <p className="font-semibold break-all text-ink">{photo.file.name}</p>
          <p className="max-w-sm">{t('choice.noPreview')}</p>
        </div>
      </Frame>
    );
  return (
    <Frame {...(shape ?? UNKNOWN)}>
      <img
        key={photo.url}
        src={photo.url}
        alt={t('choice.alt')}
        onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) => setShape({ width, height })}
        onError={() => setUnseen(true)}
        className={`print absolute inset-0 size-full transition-opacity ${shape ? '' : 'opacity-0'}`}
      />
    </Frame>
  );
}
