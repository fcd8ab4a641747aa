import { useFirstSpeech } from '../language.ts';
import { Compare } from './compare.tsx';

/** Photographs in the public domain, restored by our own engine: `node scripts/page-pictures.ts` makes the files anew. */
const EXAMPLES = {
  farmhouse: { width: 1200, height: 923 },
  boatman: { width: 1200, height: 960 },
} as const;

const WIDTHS = [480, 800, 1200] as const;
/** How wide an example is: half a page, whose width ends at 1440 px, less its margins; on small screens all of it. */
const SIZES =
  '(min-width: 1440px) 652px, (min-width: 64rem) calc(52.4vw - 102px), (min-width: 40rem) calc(100vw - 99px), calc(100vw - 54px)';

interface ExampleProps {
  readonly name: keyof typeof EXAMPLES;
  /** In the first view: loaded first. Otherwise loaded when it is scrolled to. */
  readonly first?: boolean;
}

/** A before and after made by this engine, as a print with its caption. */
export function Example({ name, first = false }: ExampleProps) {
  const { t } = useFirstSpeech();
  const picture = (side: 'before' | 'after', alt: string) => (
    <picture>
      <source
        type="image/avif"
        srcSet={WIDTHS.map((width) => `/examples/${name}-${side}-${width}.avif ${width}w`).join(', ')}
        sizes={SIZES}
      />
      <img
        src={`/examples/${name}-${side}-800.webp`}
        {...EXAMPLES[name]}
        alt={alt}
        loading={first ? 'eager' : 'lazy'}
        fetchPriority={first ? 'high' : 'auto'}
        decoding={first ? 'sync' : 'async'}
        className="block h-auto w-full select-none"
        draggable="false"
      />
    </picture>
  );
  return (
    <figure className="px-2 sm:px-3">
      <div className="relative">
        <div aria-hidden="true" className="print absolute inset-0 rotate-[2.2deg] bg-print" />
        <Compare className="print" after={picture('after', t(`example.alt.${name}`))} before={picture('before', '')} />
      </div>
      <figcaption className="mt-10 text-sm text-soft">{t(`example.${name}`)}</figcaption>
    </figure>
  );
}
