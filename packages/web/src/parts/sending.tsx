import { useEffect, useRef } from 'react';
import { cancelSending } from '../dispatch.ts';
import { percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import type { TrayPhoto } from '../tray.ts';
import { survivesReload } from '../upload.ts';
import { button } from './button.ts';
import { LocalPicture } from './local-picture.tsx';
import { announce } from './news.tsx';
import { Progress } from './progress.tsx';
import { useSentWords } from './sent-words.ts';
import { Workbench } from './workbench.tsx';

/** The photo is on its way to the server. */
export function Sending({ photo }: { readonly photo: TrayPhoto }) {
  const { t, language } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  const words = useSentWords(photo);
  const { key, file, sent, pause } = photo;
  const quarter = Math.floor(sent * 4) / 4;
  const news = pause === 'network' ? t('tray.network') : t('news.sending', { percent: percent(language, quarter) });

  useEffect(() => heading.current?.focus(), []);
  useEffect(() => announce(news), [news]);

  return (
    <Workbench picture={<LocalPicture photo={photo} />}>
      <h1 ref={heading} tabIndex={-1} className="text-3xl">
        {t('work.sending')}
      </h1>
      <Progress label={t('work.sending')} value={sent} />
      <p className="flex justify-between gap-4 tabular-nums">
        <span className={pause ? 'font-semibold text-amber' : ''}>{words}</span>
        <span className="font-semibold">{percent(language, sent)}</span>
      </p>
      {survivesReload(file) && <p className="text-soft">{t('work.resumes')}</p>}
      <div>
        <button type="button" className={button.quiet} onClick={() => cancelSending(key)}>
          {t('work.cancel')}
        </button>
      </div>
    </Workbench>
  );
}
