const SHAPE =
  'inline-flex items-center justify-center gap-2.5 rounded-full font-semibold text-center transition-colors disabled:opacity-55 aria-disabled:opacity-55';

/** How buttons and links that look like buttons are drawn. Heights keep a finger's 44 px. */
export const button = {
  primary: `${SHAPE} min-h-15 px-8 py-3 text-lg bg-pine text-on-pine shadow-sheet enabled:hover:bg-pine-deep [a&]:hover:bg-pine-deep`,
  quiet: `${SHAPE} min-h-12 px-5 py-2 border border-edge bg-sheet text-ink hover:bg-well`,
  plain: `${SHAPE} min-h-11 py-1 text-pine underline decoration-1 underline-offset-4 hover:decoration-2`,
  danger: `${SHAPE} min-h-12 px-6 py-2 bg-rust text-sheet hover:brightness-95`,
  tool: `${SHAPE} min-h-11 min-w-11 px-2.5 font-normal! text-soft hover:bg-well hover:text-ink`,
  icon: `${SHAPE} size-11 text-soft hover:bg-well hover:text-ink`,
} as const;
