import type { PhotoView } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

/** The result of the run before, while another is under way or when that failed. */
export function EarlierResult({ photo: { result } }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  if (!result) return null;
  return (
    <div className="rounded-2xl bg-mint px-5 py-4">
      <p>{t('done.before')}</p>
      <a href={result.downloadUrl} download className={`${button.quiet} mt-2`}>
        <Icon name="download" className="size-5" />
        {t('done.download')}
      </a>
    </div>
  );
}
