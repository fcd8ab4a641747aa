import type { PhotoView, Wish } from '@hili/contract';
import { useLocation } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { usePhotoActions } from '../queries.ts';
import { button } from './button.ts';
import { ProblemNote } from './problem-note.tsx';
import { RecipeChoice } from './recipe-choice.tsx';

interface RunAgainProps {
  readonly photo: PhotoView;
  readonly summary: string;
  readonly note?: string;
}

/** Runs a recipe on the same original once more; unfolded when the address ends in `#again`. */
export function RunAgain({ photo, summary, note }: RunAgainProps) {
  const { t } = useSpeech();
  const { again } = usePhotoActions(photo.id);
  const asked = useLocation({ select: ({ hash }) => hash === 'again' });
  const [wish, setWish] = useState<Wish>({ recipe: photo.job.recipe });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    again.mutate(wish);
  };
  return (
    <details open={asked} className="rounded-2xl border border-line px-4">
      <summary className="min-h-12 rounded-lg py-2.5 font-semibold">{summary}</summary>
      <form onSubmit={submit} className="flex flex-col gap-4 pt-2 pb-4">
        <RecipeChoice value={wish} onChange={setWish} />
        {note && <p className="text-soft">{note}</p>}
        {again.error && <ProblemNote code={codeOf(again.error)} />}
        <button type="submit" className={button.primary} disabled={again.isPending}>
          {t('choice.again')}
        </button>
      </form>
    </details>
  );
}
