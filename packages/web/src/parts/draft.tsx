import type { Wish } from '@hili/contract';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { putAside, start } from '../dispatch.ts';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import type { TrayPhoto } from '../tray.ts';
import { useArrival } from '../use-arrival.ts';
import { useStartable } from '../use-startable.ts';
import { button } from './button.ts';
import { Chooser } from './chooser.tsx';
import { LocalPicture } from './local-picture.tsx';
import { announce } from './news.tsx';
import { ProblemNote } from './problem-note.tsx';
import { RecipeChoice } from './recipe-choice.tsx';
import { Refusals } from './refusals.tsx';
import { StartBar } from './start-bar.tsx';
import { Workbench } from './workbench.tsx';

interface DraftProps {
  readonly photo: TrayPhoto;
  readonly wish: Wish;
  readonly onWish: (wish: Wish) => void;
}

/** A photo has been chosen: what shall be done with it? One button starts it. */
export function Draft({ photo, wish, onWish }: DraftProps) {
  const { t } = useSpeech();
  const router = useRouter();
  const several = useMe()?.batch ?? false;
  const startable = useStartable();
  const arrive = useArrival();
  const heading = useRef<HTMLHeadingElement>(null);
  const { key, file, problem } = photo;

  useEffect(() => {
    heading.current?.focus();
    announce(t('news.chosen', { name: file.name }));
  }, [file, t]);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (startable.waits || startable.left === 0) return;
    void router.preloadRoute({ to: '/photos/$id', params: { id: '' } });
    start({ keys: [key], wish, alone: true }, async (view) => {
      arrive(view);
      // Whoever has gone elsewhere meanwhile is left there.
      if (router.state.location.pathname === '/') await router.navigate({ to: '/photos/$id', params: { id: view.id } });
    });
  }

  return (
    <Workbench picture={<LocalPicture photo={photo} />}>
      <form onSubmit={submit} className="flex flex-col gap-5">
        <h1 ref={heading} tabIndex={-1} className="text-3xl">
          {t('choice.title')}
        </h1>
        {problem && <ProblemNote code={problem} />}
        <Refusals />
        <RecipeChoice value={wish} onChange={onWish} />
        <StartBar label={t('choice.start')} startable={startable}>
          {several && <Chooser kind="plain" label={t('tray.add')} />}
          <button type="button" className={button.plain} onClick={() => putAside(key)}>
            {t('choice.other')}
          </button>
        </StartBar>
      </form>
    </Workbench>
  );
}
