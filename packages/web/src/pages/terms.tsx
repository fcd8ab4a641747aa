import { useSpeech } from '../language.ts';
import { Article } from '../parts/article.tsx';
import { useTitle } from '../use-title.ts';

const PARTS = ['service', 'yours', 'result', 'deletion', 'credits', 'fair', 'liability', 'change'] as const;

/** What holds between the site and who uses it. */
export function TermsPage() {
  const { t } = useSpeech();
  useTitle(t('title.terms'));
  return (
    <Article title={t('terms.title')} lead={t('terms.lead')}>
      {PARTS.map((part) => (
        <section key={part} className="mt-9">
          <h2 className="text-2xl">{t(`terms.${part}.name`)}</h2>
          <p className="mt-2">{t(`terms.${part}.text`)}</p>
        </section>
      ))}
    </Article>
  );
}
