import { useEffect, useRef } from 'react';
import { bytes, percent } from '../format.ts';
import { useSpeech } from '../language.ts';
import type { Upload } from '../upload.ts';
import { button } from './button.ts';
import { LocalPicture } from './local-picture.tsx';
import { announce } from './news.tsx';
import { Progress } from './progress.tsx';
import { Workbench } from './workbench.tsx';

/** The photo is on its way to the server. */
export function Sending({ now }: { readonly now: Upload & { readonly state: 'sending' } }) {
  const { t, language } = useSpeech();
  const heading = useRef<HTMLHeadingElement>(null);
  const { size } = now.photo.file;
  const arrived = now.sent >= 1;
  const quarter = Math.floor(now.sent * 4) / 4;

  useEffect(() => heading.current?.focus(), []);
  // Leaving the page would break the upload off: the browser asks first.
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
  useEffect(() => announce(t('news.sending', { percent: percent(language, quarter) })), [quarter, t, language]);

  return (
    <Workbench picture={<LocalPicture photo={now.photo} />}>
      <h1 ref={heading} tabIndex={-1} className="text-3xl">
        {t('work.sending')}
      </h1>
      <Progress label={t('work.sending')} value={now.sent} />
      <p className="flex justify-between gap-4 tabular-nums">
        <span>
          {arrived
            ? t('work.checking')
            : t('work.sent', { sent: bytes(language, now.sent * size), total: bytes(language, size) })}
        </span>
        <span className="font-semibold">{percent(language, now.sent)}</span>
      </p>
      <div>
        <button type="button" className={button.quiet} onClick={now.abort}>
          {t('work.cancel')}
        </button>
      </div>
    </Workbench>
  );
}
