import { InvalidArgumentError } from 'commander';

/** Reads a sum such as 49.80, as whole fen; a fraction of a fen is refused. */
export function money(text: string): number {
  const [, whole, parts = ''] = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text) ?? [];
  const fen = Number(whole) * 100 + Number(parts.padEnd(2, '0'));
  if (whole !== undefined && fen > 0) return fen;
  throw new InvalidArgumentError('Expected a sum such as 49.80.');
}

/** Fen as people write them. @example yuan(4980) === '49.80' */
export const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;

/** Reads a number of days, or never. */
export function days(text: string): number | null {
  if (text === 'never') return null;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 3650) return value;
  throw new InvalidArgumentError('Expected a whole number from 1 to 3650, or never.');
}
