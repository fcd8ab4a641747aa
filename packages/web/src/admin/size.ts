import type { Language } from '@hili/contract';
import { bytes } from '../format.ts';

/** Bytes as kB, MB or, from a thousand of them on, GB. */
export const sizeOf = (language: Language, count: number): string =>
  count < 1e9
    ? bytes(language, count)
    : new Intl.NumberFormat(language, { style: 'unit', unit: 'gigabyte', maximumFractionDigits: 1 }).format(
        count / 1e9,
      );
