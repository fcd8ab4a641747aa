import type { Language } from '@hili/contract';
import { useSuspenseQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useFirstSpeech } from '../language.ts';
import { fill, type Values } from '../texts.ts';
import { type ConsoleKey, loadConsoleTexts } from './texts.ts';

export type { ConsoleKey } from './texts.ts';

export interface ConsoleSpeech {
  readonly language: Language;
  t(key: ConsoleKey, values?: Values): string;
}

/** The console's texts in the language spoken now; suspends until they are there. */
export function useConsole(): ConsoleSpeech {
  const { language } = useFirstSpeech();
  const { data: texts } = useSuspenseQuery({
    queryKey: ['console-texts', language],
    queryFn: () => loadConsoleTexts(language),
  });
  return useMemo(() => ({ language, t: (key, values) => fill(texts, language, key, values) }), [texts, language]);
}
