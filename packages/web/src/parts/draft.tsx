import type { Wish } from '@hili/contract';
import { useRouter } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef } from 'react';
import { putAside, start } from '../dispatch.ts';
import { editedSize } from '../edit.ts';
import { useSpeech } from '../language.ts';
import { useMe, useSeveral } from '../queries.ts';
import { isFileFault, type TrayPhoto } from '../tray.ts';
import { useArrival } from '../use-arrival.ts';
import { useStartable } from '../use-startable.ts';
import { button } from './button.ts';
import { Chooser } from './chooser.tsx';
import { EditButton } from './edit-button.tsx';
import { LocalPicture, usePhotoSize } from './local-picture.tsx';
import { announce } from './news.tsx';
import { PrintFinder } from './print-finder.tsx';
import { ProblemNote } from './problem-note.tsx';
import { Refusals } from './refusals.tsx';
import { StartBar } from './start-bar.tsx';
import { StillHere } from './still-here.tsx';
import { WishForm } from './wish-form.tsx';
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
  const several = useSeveral();
  const startable = useStartable();
  const arrive = useArrival();
  const me = useMe();
  const heading = useRef<HTMLHeadingElement>(null);
  const trouble = useRef<HTMLDivElement>(null);
  const { key, name, edit, problem } = photo;
  const size = usePhotoSize(photo);
  const isCropped = edit.crop !== undefined;

  useEffect(() => {
    heading.current?.focus();
    announce(t('news.chosen', { name }));
  }, [name, t]);
  // On a phone it would stand below the picture, out of sight.
  useEffect(() => {
    if (problem) trouble.current?.scrollIntoView({ block: 'center' });
  }, [problem]);

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

  function leave() {
    putAside(key);
    scrollTo(0, 0);
  }

  const count = startable.left ?? 0;
  const cost = me && count > 0 ? t(me.kind === 'guest' ? 'choice.free' : 'choice.charge', { count }) : undefined;
  return (
    <Workbench
      pinned
      picture={
        <>
          {/* On a phone the question below has to be seen, too. */}
          <div className="max-lg:portrait:[--tall:27svh]">
            <LocalPicture photo={photo} />
          </div>
          <div className="mt-5 flex flex-wrap items-center justify-center gap-3 lg:mt-7">
            <EditButton photo={photo} kind="quiet" />
            {!isCropped && !isFileFault(problem) && <PrintFinder photo={photo} />}
          </div>
        </>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5">
        <h1 ref={heading} tabIndex={-1} className="text-3xl">
          {t(isFileFault(problem) ? 'failed.title' : 'choice.title')}
        </h1>
        {problem && (
          <div ref={trouble}>
            <ProblemNote code={problem} />
          </div>
        )}
        <StillHere />
        <Refusals />
        {isFileFault(problem) ? (
          <button type="button" className={button.primary} onClick={leave}>
            {t('choice.other')}
          </button>
        ) : (
          <>
            <WishForm value={wish} onChange={onWish} picture={size && editedSize(size, edit)} />
            <StartBar label={t('choice.start')} recipe={wish.recipe} startable={startable} cost={cost}>
              {several && <Chooser kind="plain" label={t('tray.add')} />}
              <button type="button" className={button.plain} onClick={leave}>
                {t('choice.other')}
              </button>
            </StartBar>
          </>
        )}
      </form>
    </Workbench>
  );
}
