import { useSpeech } from '../language.ts';
import { ContactWays } from './contact-ways.tsx';

/** Where nothing can be bought on the page: whom to write to instead, and what. */
export function Unsold() {
  const { t } = useSpeech();
  return (
    <section className="flex flex-col gap-5 rounded-3xl bg-mint p-6 sm:p-8">
      <div>
        <h2 className="text-2xl">{t('buy.none.title')}</h2>
        <p className="mt-3 max-w-3xl text-lg">{t('buy.none.text')}</p>
      </div>
      <ContactWays />
    </section>
  );
}
