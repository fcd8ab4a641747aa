import type { AdminToday } from '@hili/contract/admin';
import { duration, percent } from '../format.ts';
import { Icon } from '../parts/icons.tsx';
import { Mark } from './marks.tsx';
import { sizeOf } from './size.ts';
import { type ConsoleSpeech, useConsole } from './speech.ts';

/** Seconds in the queue, bytes of free disk, and share of failures, from which on an operator should look. */
const SLOW_SECONDS = 120;
const LITTLE_BYTES = 5e9;
const MANY_FAILURES = 0.05;
/** Fewer failures than these say nothing. */
const FEW_FAILURES = 3;

interface Worry {
  readonly bad: boolean;
  readonly text: string;
}

/** Everything that is not as it should be, the worst first. */
function worriesOf({ brokenInvariants, queue, storage, photos }: AdminToday, { t, language }: ConsoleSpeech): Worry[] {
  const { failed } = photos;
  const ended = photos.done + photos.unchanged + failed;
  const worries: (Worry | false)[] = [
    brokenInvariants.length > 0 && { bad: true, text: t('verdict.books', { names: brokenInvariants.join(', ') }) },
    queue.workers === 0 && { bad: true, text: t('verdict.noWorkers') },
    storage.oldestOverdue !== null && {
      bad: true,
      text: t('verdict.overdue', { time: duration(language, (Date.now() - Date.parse(storage.oldestOverdue)) / 1000) }),
    },
    storage.freeBytes < LITTLE_BYTES && {
      bad: true,
      text: t('verdict.disk', { free: sizeOf(language, storage.freeBytes) }),
    },
    failed >= FEW_FAILURES &&
      failed / ended > MANY_FAILURES && {
        bad: false,
        text: t('verdict.failures', { share: percent(language, failed / ended) }),
      },
    (queue.oldestSeconds ?? 0) > SLOW_SECONDS && {
      bad: false,
      text: t('verdict.slow', { time: duration(language, queue.oldestSeconds ?? 0) }),
    },
  ];
  return worries.filter((worry) => worry !== false);
}

/** Whether all is well, in one line; else what is not. */
export function Verdict({ today }: { readonly today: AdminToday }) {
  const speech = useConsole();
  const { t } = speech;
  const worries = worriesOf(today, speech);
  if (worries.length === 0)
    return (
      <section aria-labelledby="verdict" className="flex items-center gap-4 rounded-3xl bg-mint p-6">
        <Icon name="tick" className="size-9 text-pine" />
        <div>
          <h2 id="verdict" className="text-2xl text-pine">
            {t('verdict.well')}
          </h2>
          <p>{t('verdict.wellText')}</p>
        </div>
      </section>
    );
  const isBad = worries.some(({ bad }) => bad);
  return (
    <section aria-labelledby="verdict" className={`rounded-3xl p-6 ${isBad ? 'bg-blush' : 'bg-honey'}`}>
      <h2 id="verdict" className={`text-2xl ${isBad ? 'text-rust' : 'text-amber'}`}>
        {t(isBad ? 'verdict.bad' : 'verdict.look')}
      </h2>
      <ul className="mt-3 flex flex-col gap-2">
        {worries.map(({ bad, text }) => (
          <li key={text} className="flex items-start gap-3">
            <span className="rounded-full bg-sheet">
              <Mark tone={bad ? 'bad' : 'wait'}>{t(bad ? 'verdict.now' : 'verdict.soon')}</Mark>
            </span>
            {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
