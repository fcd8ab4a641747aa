import type { IdCheck, PhotoView } from '@hili/contract';
import { useId } from 'react';
import { type Edit, levelled } from '../edit.ts';
import { degrees, percent } from '../format.ts';
import { type Speech, useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

interface IdChecksProps {
  readonly photo: PhotoView;
  /** Asks for another run that makes the eyes level. */
  readonly onLevel: (edit: Edit) => void;
}

/** How a photo with a new background would do as an ID photo: one line where all is well; nothing for other photos. */
export function IdChecks({ photo: { job }, onLevel }: IdChecksProps) {
  const { t } = useSpeech();
  const title = useId();
  const { changed = false, checks = [] } = job.result ?? {};
  if (!changed || checks.length === 0) return null;
  const law = <p className="mt-2 text-sm text-soft">{t('idPhoto.law')}</p>;
  if (checks.every(({ verdict }) => verdict === 'pass'))
    return (
      <div className="flex gap-3 rounded-2xl bg-mint px-5 py-4">
        <Icon name="tick" className="size-6 text-pine" />
        <div className="min-w-0">
          <p>{t('idPhoto.fine')}</p>
          {law}
        </div>
      </div>
    );
  const tilt = checks.find(({ name, verdict }) => name === 'level' && verdict === 'warn')?.value ?? 0;
  const level = tilt !== 0 && levelled(job.options, tilt);
  return (
    <section aria-labelledby={title} className="rounded-2xl border border-line px-5 py-4">
      <h2 id={title} className="text-xl">
        {t('idPhoto.title')}
      </h2>
      <ul className="mt-2 flex flex-col gap-2">
        {checks.map((check) => (
          <Line key={check.name} check={check} />
        ))}
      </ul>
      {level && (
        <button type="button" className={`${button.quiet} mt-3`} onClick={() => onLevel(level)}>
          <Icon name={tilt > 0 ? 'turnLeft' : 'turnRight'} className="size-5" />
          {t('idPhoto.fix')}
        </button>
      )}
      {law}
    </section>
  );
}

function Line({ check }: { readonly check: IdCheck }) {
  const speech = useSpeech();
  const passed = check.verdict === 'pass';
  return (
    <li className="flex gap-3">
      <Icon name={passed ? 'tick' : 'notice'} className={`size-6 ${passed ? 'text-pine' : 'text-amber'}`} />
      <span className={passed ? 'text-soft' : ''}>
        <span className="sr-only">{speech.t(passed ? 'idPhoto.passed' : 'idPhoto.warned')} </span>
        {wordsOf(check, speech)}
      </span>
    </li>
  );
}

function wordsOf({ name, verdict, value }: IdCheck, { t, language }: Speech): string {
  const passed = verdict === 'pass';
  switch (name) {
    case 'one-face':
      return passed ? t('idPhoto.one') : value === 0 ? t('idPhoto.none') : t('idPhoto.many', { count: value });
    case 'level': {
      const tilt = degrees(language, passed ? Math.max(1, Math.ceil(Math.abs(value))) : Math.round(Math.abs(value)));
      return t(passed ? 'idPhoto.level' : value > 0 ? 'idPhoto.right' : 'idPhoto.left', { degrees: tilt });
    }
    case 'frontal':
      return passed ? t('idPhoto.ahead') : t('idPhoto.aside', { percent: percent(language, Math.abs(value)) });
    case 'resolution':
      return t(passed ? 'idPhoto.large' : 'idPhoto.small', { count: value });
  }
}
