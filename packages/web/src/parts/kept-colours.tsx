import type { PhotoView } from '@hili/contract';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { usePhotoActions } from '../queries.ts';
import { colourNote } from '../recipes.ts';
import { button } from './button.ts';
import { ProblemNote } from './problem-note.tsx';

/** Why a photo got no new colours though they were asked for, and the way to have them all the same; nothing where it got them. */
export function KeptColours({ photo }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  const { again } = usePhotoActions(photo.id);
  const { recipe, options } = photo.job;
  const note = colourNote(photo.job);
  if (!note) return null;
  return (
    <div className="rounded-2xl bg-mint px-5 pt-4 pb-3">
      <p>{t(`done.kept.${note}`)}</p>
      <button
        type="button"
        className={`${button.quiet} mt-3`}
        disabled={again.isPending}
        // Not noted as the wish that the next photo begins with: that one may well be in black and white.
        onClick={() => again.mutate({ ...options, recipe, recolour: true })}
      >
        {t('done.kept.anyway')}
      </button>
      <p className="mt-2 text-sm text-soft">
        {photo.rerunsLeft > 0 ? t('again.free', { count: photo.rerunsLeft }) : t('again.charge')}
      </p>
      {again.error && <ProblemNote code={codeOf(again.error)} />}
    </div>
  );
}
