import { AppError, PhotoFields, type RecipeName, type RunOptions } from '@hili/contract';

/** What to run, beside for whom. */
export interface RunWish {
  readonly recipe: RecipeName;
  readonly options: RunOptions;
}

/** Characters of a wrong value that are repeated in an answer. */
const SHOWN = 60;

/** An id of a photo or a run as its client has chosen it: 32 hex digits. @throws AppError BAD_REQUEST for any other text. */
export function readChosenId(text: unknown): string | undefined {
  if (text === undefined) return undefined;
  if (typeof text === 'string' && /^[0-9a-f]{32}$/.test(text)) return text;
  const received = JSON.stringify(String(text).slice(0, SHOWN));
  throw new AppError('BAD_REQUEST', { field: 'id', detail: `expected 32 hex digits for id but received ${received}` });
}

/** A value as text. None within another is read: an array of arrays, thousands deep, would take all of the stack. */
const plain = (value: unknown) => (typeof value === 'object' ? '{}' : String(value));

/** What to run, from text fields or from JSON. @throws AppError BAD_REQUEST that names the first field at fault. */
export function readWish(raw: Readonly<Record<string, unknown>>): RunWish {
  const texts = Object.entries(raw).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(plain).join() : plain(value),
  ]);
  const fields = Object.fromEntries(texts) as Record<string, string>;
  const refuse = (field: string, expected: string) => {
    const value = fields[field];
    const received = value === undefined ? 'nothing' : JSON.stringify(value.slice(0, SHOWN));
    throw new AppError('BAD_REQUEST', { field, detail: `${expected} for ${field} but received ${received}` });
  };
  const parsed = PhotoFields.safeParse(fields);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(String(issue?.path[0]), String(issue?.message));
  }
  const { recipe, rgb, ...rest } = parsed.data;
  if (recipe === 'bg' && !rgb) return refuse('rgb', 'expected R,G,B of 0 to 255 each');
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { recipe, options: { ...Object.fromEntries(given), ...(rgb && recipe === 'bg' && { rgb }) } };
}
