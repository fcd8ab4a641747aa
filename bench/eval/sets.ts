import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The frozen photos by folder of the data folder's eval/: name and sha256 of each; and one digest of the held-out colour photos. */
export type Sets = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const FOLDERS = ['clean', 'old', 'faces-lq', 'real-lq', 'matting', 'portraits'] as const;
export const COLOUR_ARCHIVES = ['colour-1.tar', 'colour-2.tar', 'colour-3.tar', 'small-0.tar'] as const;
const LIST = join(import.meta.dirname, 'sets.json');

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The folder with eval/, train/ and weights/: `HILI_SHARED_DATA`, else beside the checkout; nothing where there is none. */
export function dataFolder(): string | undefined {
  const folder = process.env.HILI_SHARED_DATA ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data');
  return existsSync(join(folder, 'eval')) ? folder : undefined;
}

/** True for the about 5 % of training photos that are never trained on: the sha256 of the bare name starts with 00 to 0c. */
export const heldOut = (name: string) => createHash('sha256').update(name).digest()[0]! <= 0x0c;

export interface Entry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Files of a tar archive (ustar), in their order. */
export function* tarEntries(path: string): Generator<Entry> {
  const tar = readFileSync(path);
  const text = (at: number, length: number) => tar.toString('latin1', at, at + length).replace(/\0[\s\S]*$/, '');
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const prefix = text(at + 345, 155);
    if (tar[at + 156] === 0x30 || tar[at + 156] === 0)
      yield { name: `${prefix ? `${prefix}/` : ''}${text(at, 100)}`, bytes: tar.subarray(at + 512, at + 512 + size) };
    at += 512 + 512 * Math.ceil(size / 512);
  }
}

/** Held-out colour photos with their category, where the archives and their manifest are there. */
export function heldOutColour(data: string): (Entry & { readonly category: string })[] {
  const categories = new Map<string, string>();
  const manifest = readFileSync(join(data, 'train', 'MANIFEST-colour.csv'), 'utf8');
  for (const line of manifest.split('\n')) {
    const [, name, category] = /^[^,]*,([^,]*),[^,]*,("[^"]*"|[^,]*),/.exec(line) ?? [];
    if (name) categories.set(name, category!.replaceAll('"', ''));
  }
  return COLOUR_ARCHIVES.flatMap((archive) =>
    [...tarEntries(join(data, 'train', archive))]
      .map((entry) => ({ ...entry, name: entry.name.split('/').at(-1)! }))
      .filter((entry) => heldOut(entry.name))
      .map((entry) => ({ ...entry, category: categories.get(entry.name) ?? 'unknown' })),
  );
}

/** What the sets hold now. */
export function currentSets(data: string): Sets {
  const sets: Record<string, Record<string, string>> = {};
  for (const folder of FOLDERS) {
    const path = join(data, 'eval', folder);
    sets[folder] = Object.fromEntries(
      readdirSync(path)
        .sort()
        .map((name) => [name, sha256(readFileSync(join(path, name)))]),
    );
  }
  const colour = heldOutColour(data).map(({ name, bytes }) => `${name} ${sha256(bytes)}\n`);
  sets.colour = { [`${colour.length} photos, one digest`]: sha256(Buffer.from(colour.sort().join(''))) };
  return sets;
}

/** The committed list. */
export const frozenSets = (): Sets => JSON.parse(readFileSync(LIST, 'utf8'));

/** @throws Error naming the first photo that is missing, new or different from the committed list. */
export function checkSets(data: string): void {
  const [now, frozen] = [currentSets(data), frozenSets()];
  for (const set of Object.keys(frozen))
    for (const name of new Set([...Object.keys(frozen[set]!), ...Object.keys(now[set] ?? {})]))
      if (now[set]?.[name] !== frozen[set]![name])
        throw new Error(
          `expected sha256 ${frozen[set]![name] ?? 'none'} for ${set}/${name} but received ${now[set]?.[name] ?? 'none'}`,
        );
}

/** Paths of a frozen folder, sorted. */
export const photosOf = (data: string, folder: (typeof FOLDERS)[number]) =>
  Object.keys(frozenSets()[folder]!).map((name) => join(data, 'eval', folder, name));
