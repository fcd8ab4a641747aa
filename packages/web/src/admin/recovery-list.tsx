import { useState } from 'react';
import { button } from '../parts/button.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from './copy-button.tsx';
import { SaveButton } from './save-button.tsx';
import { useConsole } from './speech.ts';

interface RecoveryListProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** The codes for the day on which the phone is lost. They are shown this once, so the way on opens when they are said to be kept. */
export function RecoveryList({ codes, onKept }: RecoveryListProps) {
  const { t } = useConsole();
  const [kept, setKept] = useState(false);
  const text = codes.join('\n');
  return (
    <Card title={t('recovery.title')}>
      <p>{t('recovery.text')}</p>
      <ol className="grid w-full grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-1.5 rounded-2xl bg-well p-5 font-mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-3">
        <CopyButton text={text} />
        <SaveButton name="recovery-codes.txt" text={`${text}\n`} label={t('recovery.save')} />
      </div>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          checked={kept}
          onChange={(event) => setKept(event.currentTarget.checked)}
          className="size-5 shrink-0 accent-pine"
        />
        {t('recovery.kept')}
      </label>
      <button type="button" className={button.primary} disabled={!kept} onClick={onKept}>
        {t('recovery.on')}
      </button>
    </Card>
  );
}
