import { z } from 'zod';

/** A switch. */
export const onOff = (fallback: 'on' | 'off') => z.enum(['on', 'off']).default(fallback);

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number, fallback: number) =>
  z.coerce.number().int().min(least).max(most).default(fallback);
