import { lazy, Suspense, useState } from 'react';
import { type Edit, isPlain } from '../edit.ts';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { EditedPicture } from './edited-picture.tsx';
import { Icon } from './icons.tsx';

const PhotoEditor = lazy(() => import('./photo-editor.tsx'));

interface EditChoiceProps {
  readonly source: string;
  readonly value: Edit;
  readonly onChange: (edit: Edit) => void;
}

/** Opens the editor; once something is turned or cut, a small picture shows how. */
export function EditChoice({ source, value, onChange }: EditChoiceProps) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <div className="flex items-center gap-4">
      {!isPlain(value) && (
        <EditedPicture
          source={source}
          edit={value}
          alt={t('edit.alt')}
          className="size-auto max-h-24 max-w-32 rounded-sm"
        />
      )}
      <button type="button" className={button.quiet} onClick={() => setOpen(true)}>
        <Icon name="cut" className="size-5" />
        {t('edit.open')}
      </button>
      {open && (
        <Suspense>
          <PhotoEditor source={source} value={value} onChange={onChange} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}
