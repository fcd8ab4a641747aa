import type { Language } from '@hili/contract';
import { en, type Letters } from './letters/en.ts';
import { es } from './letters/es.ts';
import { fr } from './letters/fr.ts';
import { ja } from './letters/ja.ts';
import { zh } from './letters/zh.ts';

export type LetterName = keyof Letters;

/**
 * THE table of letters. The English ones say which there are; one that another language lacks does not compile. A test holds the places of
 * all five languages equal.
 */
export const LETTERS: Readonly<Record<Language, Letters>> = { zh, en, ja, es, fr };
