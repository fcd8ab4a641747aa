import { useFirstSpeech } from '../language.ts';
import { RECIPE_KEYS } from '../recipes.ts';
import { Example } from './example.tsx';
import { Icon, RECIPE_ICONS } from './icons.tsx';

/** The four things that the engine does, beside a second example. */
export function Abilities() {
  const { t } = useFirstSpeech();
  return (
    <section className="mx-auto grid max-w-7xl items-center gap-x-16 gap-y-10 px-4 py-16 sm:px-8 lg:grid-cols-[minmax(0,1.1fr)_minmax(0,1fr)] lg:py-24">
      <div className="order-last lg:order-first">
        <Example name="boatman" />
      </div>
      <div>
        <h2 className="text-[clamp(1.9rem,1.2rem+2vw,2.75rem)]">{t('what.title')}</h2>
        <p className="mt-3 text-xl text-soft">{t('what.lead')}</p>
        <ul className="mt-8 flex flex-col gap-6">
          {Object.values(RECIPE_KEYS).map((key) => (
            <li key={key} className="flex gap-5">
              <span className="grid size-12 shrink-0 place-items-center rounded-full bg-mint text-pine">
                <Icon name={RECIPE_ICONS[key]} className="size-7" />
              </span>
              <div>
                <h3 className="text-xl">{t(`choice.recipes.${key}.name`)}</h3>
                <p className="mt-1 text-soft">{t(`choice.recipes.${key}.text`)}</p>
              </div>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
