/** What a package costs and gives. */
export interface PhotoPackage {
  /** Names it in orders and lots, for good. */
  readonly code: string;
  readonly photos: number;
  /** Price in fen, 1/100 CNY. */
  readonly fen: number;
  /** Days for which its photos are good. */
  readonly days: number;
  /** Whether its photos queue in front of free ones. */
  readonly priority: boolean;
  /** Pixels of the longest side of a result at most. */
  readonly maxSide: number;
  readonly repair: boolean;
  /** Whether several photos may be under way at once. */
  readonly batch: boolean;
  readonly wechatRebate: boolean;
}

const RIGHTS = { days: 365, priority: true, maxSide: 6000, repair: true, wechatRebate: true } as const;

/** THE table of packages, smallest first: whatever shows or sells one reads it here. */
export const PACKAGES = [
  { code: 'photos-3', photos: 3, fen: 4980, batch: false, ...RIGHTS },
  { code: 'photos-10', photos: 10, fen: 15_000, batch: true, ...RIGHTS },
  { code: 'photos-50', photos: 50, fen: 40_000, batch: true, ...RIGHTS },
  { code: 'photos-200', photos: 200, fen: 100_000, batch: true, ...RIGHTS },
] as const satisfies readonly PhotoPackage[];
