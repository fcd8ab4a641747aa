import type { JobView, PhotoView } from '@hili/contract';
import { duration, percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import { connected } from '../live.ts';
import { usePhotoActions } from '../queries.ts';
import { RECIPE_STEPS, STEP_KEYS } from '../recipes.ts';
import { useStore } from '../store.ts';
import { useTimeLeft } from '../use-time-left.ts';
import { button } from './button.ts';
import { EarlierResult } from './earlier-result.tsx';
import { Icon } from './icons.tsx';
import { Notice } from './notice.tsx';
import { Progress } from './progress.tsx';

/** The place in the queue, or the step under way with its progress; and the way to cancel. */
export function Working({ photo }: { readonly photo: PhotoView }) {
  const { t, language } = useSpeech();
  const { cancel } = usePhotoActions(photo.id);
  const online = useStore(connected);
  const { job } = photo;
  const left = useTimeLeft(job);
  const waiting = job.state === 'queued';
  const front = job.position ?? 0;
  const estimate =
    left === undefined ? '' : left < 3 ? t('work.soon') : t('work.left', { time: duration(language, left) });
  return (
    <>
      <Progress label={t('work.progress')} value={waiting ? undefined : job.progress} />
      <p className="flex min-h-7 justify-between gap-4 tabular-nums">
        <span>{waiting ? (front > 0 ? t('work.front', { count: front }) : t('work.next')) : estimate}</span>
        {!waiting && <span className="font-semibold">{percent(language, job.progress)}</span>}
      </p>
      {!waiting && <Steps job={job} />}
      <p className="text-soft">{t(online ? 'work.close' : 'work.offline')}</p>
      <Notice photo={photo} />
      <EarlierResult photo={photo} />
      <div>
        <button type="button" className={button.quiet} onClick={() => cancel.mutate()} disabled={cancel.isPending}>
          {t('work.cancel')}
        </button>
        <p className="mt-2 text-sm text-soft">{t('work.free')}</p>
      </div>
    </>
  );
}

function Steps({ job }: { readonly job: JobView }) {
  const { t } = useSpeech();
  const steps = RECIPE_STEPS[job.recipe];
  const under = stepKey(job.step);
  const at = under ? steps.indexOf(under) : -1;
  return (
    <ol className="flex flex-col gap-2.5">
      {steps.map((step, index) => {
        const state = index < at ? 'done' : index === at ? 'now' : 'todo';
        return (
          <li key={step} className={`flex items-center gap-3 ${state === 'todo' ? 'text-soft' : ''}`}>
            <span
              aria-hidden="true"
              className={`grid size-7 place-items-center rounded-full ${state === 'done' ? 'bg-mint text-pine' : state === 'now' ? 'bg-pine' : 'border-2 border-line'}`}
            >
              {state === 'done' && <Icon name="tick" className="size-5" />}
              {state === 'now' && <span className="size-2.5 animate-pulse rounded-full bg-on-pine" />}
            </span>
            <span className={state === 'now' ? 'font-semibold' : ''}>{t(`work.steps.${step}`)}</span>
            <span className="sr-only">– {t(`work.state.${state}`)}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** The name of a step as the engine tells it, or undefined for one the page has no words for. */
export const stepKey = (step: string | null) => STEP_KEYS.find((key) => key === step);
