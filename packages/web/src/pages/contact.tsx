import { useSpeech } from '../language.ts';
import { useReachable } from '../order-queries.ts';
import { Article } from '../parts/article.tsx';
import { ContactWays } from '../parts/contact-ways.tsx';
import { useTitle } from '../use-title.ts';

/** How to reach who runs this installation. */
export function ContactPage() {
  const { t } = useSpeech();
  const isReachable = useReachable();
  useTitle(t('title.contact'));
  return (
    <Article title={t('contact.title')} lead={isReachable ? t('contact.lead') : ''}>
      <div className="mt-9 min-h-72">
        <ContactWays />
      </div>
    </Article>
  );
}
