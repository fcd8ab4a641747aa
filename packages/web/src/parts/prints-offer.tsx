import type { PrintView } from '@hili/contract';
import { useEffect, useId, useRef, useState } from 'react';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { EditedPicture } from './edited-picture.tsx';
import { Icon } from './icons.tsx';

interface PrintsOfferProps {
  /** Address of the upright scan. */
  readonly source: string;
  readonly prints: readonly PrintView[];
  /** Whether several may be taken at once; else one is chosen. */
  readonly several?: boolean;
  /** Called with the prints that become photos of their own; with none when the scan stays one photo. */
  readonly onTake: (prints: PrintView[]) => void;
}

/** Several prints lie on one scan: shall each be restored by itself? */
export function PrintsOffer({ source, prints, several = true, onTake }: PrintsOfferProps) {
  const { t } = useSpeech();
  const title = useId();
  const section = useRef<HTMLElement>(null);
  // It comes below the scan, often out of sight, and the button that asked for it is gone.
  useEffect(() => section.current?.focus(), []);
  const all = prints.map((_, at) => at);
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set(several ? [] : all.slice(1)));
  const taken = prints.filter((_, at) => !left.has(at));
  function toggle(at: number) {
    if (!several) setLeft(new Set(all.filter((one) => one !== at)));
    else setLeft(new Set(left.has(at) ? [...left].filter((one) => one !== at) : [...left, at]));
  }
  return (
    <section
      ref={section}
      tabIndex={-1}
      aria-labelledby={title}
      className="w-full scroll-my-20 rounded-2xl border border-line bg-sheet p-4 outline-none sm:p-5"
    >
      <h2 id={title} className="text-xl">
        {t('prints.title', { count: prints.length })}
      </h2>
      <ul className="mt-4 grid grid-cols-[repeat(auto-fill,minmax(8rem,1fr))] gap-3">
        {prints.map((print, at) => (
          <li key={`${print.crop.left},${print.crop.top}`}>
            <label className="relative grid h-full gap-2 rounded-xl border-2 border-line p-2 has-checked:border-pine has-checked:bg-mint has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-pine">
              <input
                type={several ? 'checkbox' : 'radio'}
                name={title}
                checked={!left.has(at)}
                onChange={() => toggle(at)}
                className="peer sr-only"
                aria-label={t('prints.one', { number: at + 1 })}
              />
              <span className="grid h-32 place-items-center">
                <EditedPicture source={source} edit={print} alt="" className="size-auto max-h-32 max-w-full" />
              </span>
              <span
                aria-hidden="true"
                className="absolute top-1 right-1 grid size-7 place-items-center rounded-full border-2 border-edge bg-sheet peer-checked:border-pine peer-checked:bg-pine [&>svg]:opacity-0 peer-checked:[&>svg]:opacity-100"
              >
                <Icon name="tick" className="size-4 text-on-pine" />
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap gap-x-5 gap-y-2">
        <button type="button" className={button.quiet} disabled={taken.length === 0} onClick={() => onTake(taken)}>
          {t('prints.take', { count: taken.length })}
        </button>
        <button type="button" className={button.plain} onClick={() => onTake([])}>
          {t('prints.keep')}
        </button>
      </div>
    </section>
  );
}
