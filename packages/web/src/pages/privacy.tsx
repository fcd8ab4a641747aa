import { useSpeech } from '../language.ts';
import { Article } from '../parts/article.tsx';
import { useTitle } from '../use-title.ts';

const PARTS = ['photo', 'face', 'place', 'cookie', 'account', 'buy', 'complaint', 'log', 'others'] as const;

/** What happens to photos and data, in plain words. */
export function PrivacyPage() {
  const { t } = useSpeech();
  useTitle(t('title.privacy'));
  return (
    <Article title={t('privacy.title')} lead={t('privacy.lead')}>
      {PARTS.map((part) => (
        <section key={part} className="mt-9">
          <h2 className="text-2xl">{t(`privacy.${part}.name`)}</h2>
          <p className="mt-2">{t(`privacy.${part}.text`)}</p>
        </section>
      ))}
    </Article>
  );
}
