import type { Wish } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSpeech } from '../language.ts';
import { meQuery, putPhoto, useActivePhoto, useMe } from '../queries.ts';
import { clear, type LocalPhoto, putBack, send, type Upload } from '../upload.ts';
import { button } from './button.ts';
import { LocalPicture } from './local-picture.tsx';
import { announce } from './news.tsx';
import { ProblemNote } from './problem-note.tsx';
import { RecipeChoice } from './recipe-choice.tsx';
import { Workbench } from './workbench.tsx';

/** A photo has been chosen: what shall be done with it? One button starts it. */
export function Draft({ now }: { readonly now: Upload & { readonly state: 'chosen' } }) {
  const { t } = useSpeech();
  const router = useRouter();
  const client = useQueryClient();
  const me = useMe();
  const active = useActivePhoto();
  const heading = useRef<HTMLHeadingElement>(null);
  const [wish, setWish] = useState<Wish>({ recipe: 'sr,repair' });
  const { photo } = now;
  const waits = me?.kind === 'guest' && active !== undefined;
  const spent = me?.photosLeft === 0 && !waits;

  useEffect(() => {
    heading.current?.focus();
    announce(t('news.chosen', { name: photo.file.name }));
  }, [photo, t]);

  async function start(event: FormEvent) {
    event.preventDefault();
    if (waits || spent) return;
    void router.preloadRoute({ to: '/photos/$id', params: { id: '' } });
    const view = await send(wish);
    if (!view) return;
    putPhoto(client, view);
    void client.invalidateQueries(meQuery);
    await router.navigate({ to: '/photos/$id', params: { id: view.id } });
    clear(view);
  }

  return (
    <Workbench picture={<LocalPicture photo={photo} />}>
      <form onSubmit={start} className="flex flex-col gap-5">
        <h1 ref={heading} tabIndex={-1} className="text-3xl">
          {t('choice.title')}
        </h1>
        {now.problem && <ProblemNote code={now.problem} />}
        <Several photo={photo} />
        <RecipeChoice value={wish} onChange={setWish} />
        {(waits || spent) && (
          <p id="why-not" className="rounded-2xl bg-honey p-4">
            {t(waits ? 'choice.busy' : 'choice.spent')}
          </p>
        )}
        <div className="sticky bottom-0 -mx-4 flex flex-col items-center gap-1 bg-paper px-4 pt-2 pb-2 lg:mx-0 lg:px-0">
          <button
            type="submit"
            className={`${button.primary} w-full`}
            aria-disabled={waits || spent}
            aria-describedby={waits || spent ? 'why-not' : undefined}
          >
            {t('choice.start')}
          </button>
          <button type="button" className={button.plain} onClick={putBack}>
            {t('choice.other')}
          </button>
        </div>
      </form>
    </Workbench>
  );
}

function Several({ photo }: { readonly photo: LocalPhoto }) {
  const { t } = useSpeech();
  if (photo.offered < 2) return null;
  return <p className="rounded-2xl bg-honey p-4">{t('choice.several', { count: photo.offered })}</p>;
}
