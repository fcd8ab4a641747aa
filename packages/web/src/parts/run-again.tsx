import type { PhotoView, Wish } from '@hili/contract';
import { useLocation } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { codeOf } from '../client.ts';
import { type Edit, edited, editedSize } from '../edit.ts';
import { useSpeech } from '../language.ts';
import { noteWish } from '../presets.ts';
import { usePhotoActions } from '../queries.ts';
import { recut } from '../recut.ts';
import { applying } from '../wishes.ts';
import { button } from './button.ts';
import { EditChoice } from './edit-choice.tsx';
import { originalSource } from './picture.tsx';
import { ProblemNote } from './problem-note.tsx';
import { WishForm } from './wish-form.tsx';

interface RunAgainProps {
  readonly photo: PhotoView;
  readonly summary: string;
  /** How the photo is turned and cut at first, in place of before; then it is unfolded from the beginning, and focused. */
  readonly proposed?: Edit | undefined;
}

/** Runs a recipe on the same original once more, beginning with what was asked before; unfolded when the address ends in `#again`. */
export function RunAgain({ photo, summary, proposed }: RunAgainProps) {
  const { t } = useSpeech();
  const { again } = usePhotoActions(photo.id);
  const asked = useLocation({ select: ({ hash }) => hash === 'again' });
  const [before] = useState(photo.job.options);
  // Its colours stay where they were given on the photo as it was cut: what is cut away now may be within the next cut again.
  const [wish, setWish] = useState<Wish>(() => {
    const { rotate, crop, straighten } = proposed ?? before;
    return applying({ ...before, rotate, crop, straighten, recipe: photo.job.recipe });
  });
  const top = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!proposed) return;
    top.current?.focus({ preventScroll: true });
    // Focus alone scrolls a phone until the heading is barely seen, and what is proposed is below it.
    top.current?.scrollIntoView();
  }, [proposed]);
  const source = originalSource(photo);
  const { rotate, crop, straighten, ...rest } = wish;
  const edit = edited({ rotate, crop, straighten });
  const colours = wish.colours && recut(wish.colours, photo, before, edit);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    noteWish(wish);
    again.mutate(colours ? { ...wish, colours } : wish);
  };
  return (
    <details open={asked || proposed !== undefined} className="rounded-2xl border border-line px-4">
      <summary ref={top} className="min-h-12 rounded-lg py-2.5 font-semibold">
        {summary}
      </summary>
      <form onSubmit={submit} className="flex flex-col gap-4 pt-2 pb-4">
        {source && <EditChoice source={source} value={edit} onChange={(next) => setWish({ ...rest, ...next })} />}
        <CutAway given={wish.colours?.length} kept={colours?.length} />
        <WishForm value={wish} onChange={setWish} picture={editedSize(photo, edit)} />
        <p className="text-soft">
          {photo.rerunsLeft > 0 ? t('again.free', { count: photo.rerunsLeft }) : t('again.charge')}
        </p>
        {again.error && <ProblemNote code={codeOf(again.error)} />}
        <button type="submit" className={button.primary} disabled={again.isPending}>
          {t('choice.again')}
        </button>
      </form>
    </details>
  );
}

interface CutAwayProps {
  readonly given: number | undefined;
  readonly kept: number | undefined;
}

/** How many of the colours that were given for a photo are not within its new cut; nothing where all are. */
function CutAway({ given = 0, kept = 0 }: CutAwayProps) {
  const { t } = useSpeech();
  // There from the beginning, for a screen reader tells what changes within it.
  return (
    <div role="status" className="empty:-mt-4">
      {kept !== given && (
        <p className="rounded-2xl bg-honey px-5 py-4">
          {kept === 0 ? t('again.lostAll') : t('again.lost', { count: given - kept })}
        </p>
      )}
    </div>
  );
}
