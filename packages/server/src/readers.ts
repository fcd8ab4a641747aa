import { type Engine, type Header, type Print, READER_PROCESSES } from '@hili/engine';
import { hashAddress } from './free-photos.ts';
import type { Owner } from './owners.ts';
import type { Keys } from './secrets.ts';
import { openTurns } from './turns.ts';

/** What the engine reads for those who wait at the other end of a request; `who` has one reader at a time. */
export interface Readers {
  inspect(who: string, path: string): Promise<Header>;
  preview(who: string, path: string, outPath: string): Promise<void>;
  prints(who: string, path: string): Promise<readonly Print[]>;
  tiles(who: string, path: string, outPath: string): Promise<void>;
}

/** For whom a reader works: a partner, or everybody at one network address (IPv6: one /64), which changes less often than a cookie. */
export const readerOf = (owner: Owner): string => (owner.kind === 'partner' ? owner.id : owner.address.toString('hex'));

/** The same for a request that names nobody. */
export const readerAt = (keys: Pick<Keys, 'addresses'>, address: string): string =>
  hashAddress(keys.addresses, address).toString('hex');

/** Puts a fair queue in front of the engine's readers: slow pictures of one address hold up nobody else's. */
export function openReaders(engine: Pick<Engine, keyof Readers>): Readers {
  const inTurn = openTurns(READER_PROCESSES);
  return {
    inspect: (who, path) => inTurn(who, () => engine.inspect(path)),
    preview: (who, path, outPath) => inTurn(who, () => engine.preview(path, outPath)),
    prints: (who, path) => inTurn(who, () => engine.prints(path)),
    tiles: (who, path, outPath) => inTurn(who, () => engine.tiles(path, outPath)),
  };
}
