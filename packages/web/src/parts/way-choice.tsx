import { useId } from 'react';
import { useSpeech } from '../language.ts';
import type { CompareWay } from './compare.tsx';

const WAYS = ['slider', 'beside', 'hold'] as const satisfies readonly CompareWay[];

interface WayChoiceProps {
  readonly way: CompareWay;
  readonly onChange: (way: CompareWay) => void;
}

/** How before and after are compared, on a dark ground. */
export function WayChoice({ way, onChange }: WayChoiceProps) {
  const { t } = useSpeech();
  const name = useId();
  return (
    <fieldset className="flex rounded-full bg-white/10 p-0.5">
      <legend className="sr-only">{t('compare.way')}</legend>
      {WAYS.map((one) => (
        <label
          key={one}
          className="flex min-h-11 items-center rounded-full px-4 font-semibold has-checked:bg-white has-checked:text-[#14110e] has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-pine"
        >
          <input type="radio" name={name} className="sr-only" checked={way === one} onChange={() => onChange(one)} />
          {one === 'beside' ? (
            <>
              {/* In portrait they stand one above the other. */}
              <span className="portrait:hidden">{t('compare.ways.beside')}</span>
              <span className="landscape:hidden">{t('compare.both')}</span>
            </>
          ) : (
            t(`compare.ways.${one}`)
          )}
        </label>
      ))}
    </fieldset>
  );
}
