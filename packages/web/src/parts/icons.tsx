import type { ReactNode } from 'react';
import type { RecipeKey } from '../recipes.ts';

/** Line drawings of our own on a 24-pixel grid; decoration only, the words stand beside them. */
const DRAWINGS = {
  photo: (
    <>
      <rect x="3.5" y="4.5" width="17" height="15" rx="2.5" />
      <path d="m4 16.5 4.6-4.4a1.6 1.6 0 0 1 2.2 0l5.7 5.6m-2.6-2.5 1.6-1.5a1.6 1.6 0 0 1 2.2 0l2.5 2.4" />
      <circle cx="15.5" cy="9" r="1.4" />
    </>
  ),
  prints: (
    <>
      <rect x="3.5" y="7.5" width="14" height="12" rx="2" />
      <path d="M7 4.5h11.5a2 2 0 0 1 2 2V16M4 16.5l3.2-3a1.5 1.5 0 0 1 2.1 0l4.2 4" />
    </>
  ),
  camera: (
    <>
      <path d="M4.5 7.5h3l1.6-2.5h5.8l1.6 2.5h3a1 1 0 0 1 1 1v9.5a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1V8.5a1 1 0 0 1 1-1Z" />
      <circle cx="12" cy="13" r="3.4" />
    </>
  ),
  folder: <path d="M3.5 18V6.5a1 1 0 0 1 1-1h4.6l2 2.5h8.4a1 1 0 0 1 1 1V18a1 1 0 0 1-1 1h-15a1 1 0 0 1-1-1Z" />,
  plus: <path d="M12 5v14M5 12h14" />,
  minus: <path d="M5 12h14" />,
  sharp: <path d="M12 3.5 20.5 19h-17zM12 3.5V19" />,
  repair: (
    <>
      <rect x="4" y="5" width="16" height="14" rx="2" />
      <path d="m12.6 5-1.8 4 2.6 2.2-2.6 3 1.6 4.8" />
    </>
  ),
  colour: (
    <>
      <circle cx="12" cy="8.6" r="4.6" />
      <circle cx="8.4" cy="14.8" r="4.6" />
      <circle cx="15.6" cy="14.8" r="4.6" />
    </>
  ),
  person: (
    <>
      <rect x="4.5" y="3.5" width="15" height="17" rx="2" />
      <circle cx="12" cy="10" r="2.8" />
      <path d="M6.8 20.2c.5-3.4 2.5-5.2 5.2-5.2s4.7 1.8 5.2 5.2" />
    </>
  ),
  account: (
    <>
      <circle cx="12" cy="8.5" r="4" />
      <path d="M4.5 20c.6-4 3.6-6 7.5-6s6.9 2 7.5 6" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5.2l3.3 2" />
    </>
  ),
  heart: <path d="M12 19.5C7.5 16.4 4 13.4 4 9.6a4.1 4.1 0 0 1 8-1.3 4.1 4.1 0 0 1 8 1.3c0 3.8-3.5 6.8-8 9.9Z" />,
  coin: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="m8.5 12.2 2.5 2.5 4.6-5" />
    </>
  ),
  lock: (
    <>
      <rect x="5" y="10.5" width="14" height="9.5" rx="2" />
      <path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.2v2.2" />
    </>
  ),
  download: <path d="M12 4v11m-4.5-4.2L12 15.3l4.5-4.5M5 19.5h14" />,
  trash: <path d="M5 7h14M10 7V5h4v2m-7.5 0 .8 12.5h9.4L17.5 7M10.4 10.5v5.5m3.2-5.5v5.5" />,
  turnLeft: (
    <>
      <rect x="3.5" y="11.5" width="12" height="9" rx="1.5" />
      <path d="M20.5 14a8.5 8.5 0 0 0-8.5-8.5H9.5M12.5 2 9 5.5 12.5 9" />
    </>
  ),
  turnRight: (
    <>
      <rect x="8.5" y="11.5" width="12" height="9" rx="1.5" />
      <path d="M3.5 14A8.5 8.5 0 0 1 12 5.5h2.5M11.5 2 15 5.5 11.5 9" />
    </>
  ),
  cut: <path d="M7 3v14h14M3 7h14v14" />,
  again: <path d="M19 12a7 7 0 1 1-2.3-5.2M19 4.5v4h-4" />,
  menu: <path d="M4.5 7h15M4.5 12h15M4.5 17h15" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  look: (
    <>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="m15 15 5 5M10.5 8v5M8 10.5h5" />
    </>
  ),
  find: (
    <>
      <circle cx="10.5" cy="10.5" r="6" />
      <path d="m15 15 5 5" />
    </>
  ),
  hold: (
    <path d="M3.5 12S6.5 6.5 12 6.5 20.5 12 20.5 12 17.5 17.5 12 17.5 3.5 12 3.5 12Zm8.5 2.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6Z" />
  ),
  globe: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M3.5 12h17M12 3.5c5 5.3 5 11.7 0 17-5-5.3-5-11.7 0-17Z" />
    </>
  ),
  tick: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  notice: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.5v5.5m0 3v.5" />
    </>
  ),
  sides: <path d="m9 7-5 5 5 5m6-10 5 5-5 5" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof DRAWINGS;

export const RECIPE_ICONS = {
  repair: 'repair',
  colour: 'colour',
  sr: 'sharp',
  bg: 'person',
} as const satisfies Record<RecipeKey, IconName>;

export function Icon({ name, className = 'size-6' }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
    >
      {DRAWINGS[name]}
    </svg>
  );
}
