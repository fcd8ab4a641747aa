import { LANGUAGES, type Language } from '@hili/contract';
import { choose, useFirstSpeech } from '../language.ts';
import { Icon } from './icons.tsx';

/** Each language by its own name. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  zh: '简体中文',
  en: 'English',
  ja: '日本語',
  es: 'Español',
  fr: 'Français',
};

interface LanguageChoiceProps {
  /** Shows the language's name on small screens too. */
  readonly shown?: boolean;
}

export function LanguageChoice({ shown = false }: LanguageChoiceProps) {
  const { t, language } = useFirstSpeech();
  return (
    <label className="relative flex min-h-11 items-center rounded-full text-soft hover:bg-well hover:text-ink">
      <span className="sr-only">{t('language.label')}</span>
      <Icon name="globe" className="pointer-events-none absolute start-2.5 size-6" />
      <select
        value={language}
        onChange={(event) => void choose(event.currentTarget.value as Language)}
        className={`min-h-11 appearance-none rounded-full bg-transparent ps-10 [&>option]:bg-sheet [&>option]:text-ink ${shown ? 'w-full' : 'w-11 text-sm text-transparent xl:w-auto xl:pe-4 xl:text-inherit'}`}
      >
        {LANGUAGES.map((name) => (
          <option key={name} value={name} lang={name}>
            {LANGUAGE_NAMES[name]}
          </option>
        ))}
      </select>
    </label>
  );
}
