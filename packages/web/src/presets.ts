import { OUTPUT_FORMATS, PRINT_MM, RECIPE_NAMES, type Wish } from '@hili/contract';
import { createStore } from './store.ts';
import { applying } from './wishes.ts';

/** Settings under a name of the visitor's own. */
export interface Preset {
  readonly name: string;
  readonly wish: Wish;
}

interface Kept {
  /** What was asked for last, unless it was one of `PASSING`; the next photo begins with it. */
  readonly last?: Wish;
  readonly named: readonly Preset[];
}

/** Where the browser keeps them; the number goes up when older ones can no longer be read. */
const KEY = 'hili.wishes.1';
const NAME_LENGTH = 60;
const MOST = 50;
const FIRST: Wish = { recipe: 'sr,repair' };

/** Recipes for one occasion: the old photo that comes after an ID photo shall not get a white background unasked. */
const PASSING: readonly Wish['recipe'][] = ['bg'];

type Check = (value: unknown) => boolean;
const from =
  (low: number, high: number): Check =>
  (value) =>
    typeof value === 'number' && value >= low && value <= high;
const list =
  (length: number, check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length === length && value.every(check);
const oneOf =
  (values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);

/** What is kept of a wish. How a photo was turned and cut is not, nor that it was to be coloured all the same: the next one is another. */
const CHECKS: Readonly<Record<string, Check>> = {
  recipe: oneOf(RECIPE_NAMES),
  repairStrength: from(0, 1),
  colourStrength: from(0, 1),
  srStrength: from(0, 1),
  texture: from(0, 1),
  scale: oneOf([1, 2, 4]),
  longEdge: from(16, 6000),
  print: list(2, from(PRINT_MM.least, PRINT_MM.most)),
  format: oneOf(OUTPUT_FORMATS),
  quality: from(1, 100),
  rgb: list(3, from(0, 255)),
};

/** Settings out of whatever was kept, by an older page or a curious visitor: what is not right is left out. */
export function readWish(value: unknown): Wish | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const right = Object.entries(value).filter(([name, part]) => Object.hasOwn(CHECKS, name) && CHECKS[name]?.(part));
  const wish = Object.fromEntries(right) as unknown as Wish;
  if (!wish.recipe) return undefined;
  return applying(wish);
}

export function readKept(text: string | null): Kept {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return { named: [] };
  }
  const { last, named } = (value ?? {}) as Record<string, unknown>;
  const wish = readWish(last);
  const presets = (Array.isArray(named) ? named : []).flatMap((one): Preset[] => {
    const read = readWish(one?.wish);
    return read && typeof one.name === 'string' && one.name
      ? [{ name: one.name.slice(0, NAME_LENGTH), wish: read }]
      : [];
  });
  return { ...(wish && !PASSING.includes(wish.recipe) && { last: wish }), named: presets.slice(0, MOST) };
}

/** A browser may forbid to keep anything; then it lasts as long as the page. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

const kept = createStore<Kept | undefined>(undefined);
const now = (): Kept => {
  if (!kept.get()) kept.set(readKept(stored()));
  return kept.get()!;
};

function keep(next: Kept): void {
  kept.set(next);
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // Forbidden or full: as above.
  }
}

/** What the next photo begins with: the wish that was used last, or the repair of an old photo. */
export const firstWish = (): Wish => now().last ?? FIRST;

/** Notes a wish as the one that was used last, unless its recipe was for one occasion. */
export function noteWish(wish: Wish): void {
  if (!PASSING.includes(wish.recipe)) keep({ ...now(), last: readWish(wish) ?? FIRST });
}

export const presets = {
  get: () => now().named,
  subscribe: kept.subscribe,
};

const without = (name: string) => now().named.filter((preset) => preset.name !== name);
const tidyName = (name: string) => name.trim().slice(0, NAME_LENGTH);

/** Keeps settings under a name; those that had it before give way. A name of blanks alone is none. */
export function savePreset(name: string, wish: Wish): void {
  const read = readWish(wish);
  if (!tidyName(name) || !read) return;
  keep({ ...now(), named: [...without(tidyName(name)), { name: tidyName(name), wish: read }].slice(-MOST) });
}

export function renamePreset(name: string, to: string): void {
  const preset = now().named.find((one) => one.name === name);
  if (!preset || !tidyName(to) || tidyName(to) === name) return;
  const named = now().named.filter((one) => one.name !== tidyName(to));
  keep({ ...now(), named: named.map((one) => (one === preset ? { ...one, name: tidyName(to) } : one)) });
}

export const deletePreset = (name: string): void => keep({ ...now(), named: without(name) });

/** A wish for the same photo with kept settings: how it is turned and cut stays, and the colours that are true of it. */
export function withPreset({ wish }: Preset, before: Wish): Wish {
  const { rotate, crop, straighten, colours } = before;
  return applying({ ...wish, rotate, crop, straighten, colours });
}

/** The name of the kept settings that are those of a wish. */
export function presetOf(named: readonly Preset[], wish: Wish): string | undefined {
  const text = (one: Wish) => JSON.stringify(Object.entries(readWish(one) ?? {}).sort());
  return named.find((preset) => text(preset.wish) === text(wish))?.name;
}
