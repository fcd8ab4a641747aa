import { API } from '@hili/contract';
import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Card } from './card.tsx';
import { Icon } from './icons.tsx';

const DeletionDialog = lazy(() => import('./deletion-dialog.tsx'));

/** Taking everything along, and going for good. */
export function OwnData() {
  const { t } = useSpeech();
  const [asked, setAsked] = useState(false);
  return (
    <Card title={t('account.data.title')} className="lg:even:col-span-2">
      <p className="text-lg">{t('account.data.export')}</p>
      <a href={`${API}/account/export`} download className={button.quiet}>
        <Icon name="download" className="size-5" />
        {t('account.data.download')}
      </a>
      <p className="mt-4 text-lg">{t('account.data.leave')}</p>
      <button type="button" className={button.danger} onClick={() => setAsked(true)}>
        {t('account.data.delete')}
      </button>
      {asked && (
        <Suspense>
          <DeletionDialog onClose={() => setAsked(false)} />
        </Suspense>
      )}
    </Card>
  );
}
