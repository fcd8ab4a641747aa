import { useSpeech } from '../language.ts';
import { useTitle } from '../use-title.ts';

const PARTS = ['photo', 'place', 'cookie', 'log', 'others'] as const;

/** What happens to photos and data, in plain words. */
export function PrivacyPage() {
  const { t } = useSpeech();
  useTitle(t('title.privacy'));
  return (
    <article className="mx-auto max-w-3xl px-4 py-14 sm:px-8">
      <h1 tabIndex={-1} className="text-4xl">
        {t('privacy.title')}
      </h1>
      <p className="mt-5 text-xl text-soft">{t('privacy.lead')}</p>
      {PARTS.map((part) => (
        <section key={part} className="mt-9">
          <h2 className="text-2xl">{t(`privacy.${part}.name`)}</h2>
          <p className="mt-2">{t(`privacy.${part}.text`)}</p>
        </section>
      ))}
    </article>
  );
}
