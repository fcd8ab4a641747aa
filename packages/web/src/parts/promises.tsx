import { useFirstSpeech } from '../language.ts';
import { Icon } from './icons.tsx';

const PROMISES = [
  ['hour', 'clock'],
  ['true', 'heart'],
  ['free', 'coin'],
  ['own', 'lock'],
] as const;

/** What people fear, answered plainly. */
export function Promises() {
  const { t } = useFirstSpeech();
  return (
    <section className="border-y border-line bg-sheet">
      <div className="mx-auto max-w-7xl px-4 py-16 sm:px-8 lg:py-24">
        <h2 className="text-[clamp(1.9rem,1.2rem+2vw,2.75rem)]">{t('promise.title')}</h2>
        <ul className="mt-10 grid gap-x-12 gap-y-10 sm:grid-cols-2 lg:grid-cols-4">
          {PROMISES.map(([key, icon]) => (
            <li key={key}>
              <Icon name={icon} className="size-10 text-pine" />
              <h3 className="mt-4 text-xl">{t(`promise.${key}.name`)}</h3>
              <p className="mt-2 text-soft">{t(`promise.${key}.text`)}</p>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
