import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import type { Startable } from '../use-startable.ts';
import { button } from './button.ts';

interface StartBarProps {
  readonly label: string;
  readonly startable: Startable;
  /** What will not be started of what lies there. */
  readonly note?: string;
  readonly children: ReactNode;
}

/** The button that starts, always in view, and why it cannot when it cannot. */
export function StartBar({ label, startable, note, children }: StartBarProps) {
  const { waits, left } = startable;
  const blocked = waits || left === 0;
  return (
    <>
      {blocked && <WhyNot waits={waits} />}
      {!blocked && note && (
        <p id="why-not" className="rounded-2xl bg-honey p-4">
          {note}
        </p>
      )}
      <div className="sticky bottom-(--foot) -mx-4 flex flex-col items-center gap-1 bg-paper px-4 pt-2 pb-2 lg:mx-0 lg:px-0">
        <button
          type="submit"
          className={`${button.primary} w-full`}
          aria-disabled={blocked}
          aria-describedby={blocked || note ? 'why-not' : undefined}
        >
          {label}
        </button>
        <div className="flex flex-wrap justify-center gap-x-6">{children}</div>
      </div>
    </>
  );
}

function WhyNot({ waits }: { readonly waits: boolean }) {
  const { t } = useSpeech();
  const me = useMe();
  const free = me?.kind === 'guest';
  return (
    <p id="why-not" className="rounded-2xl bg-honey p-4">
      {waits ? t('choice.busy') : free ? t('choice.spent') : t('tray.spent')}
      {!waits && (
        <>
          {' '}
          <Link to="/prices" className="text-pine underline underline-offset-4">
            {t('credits.prices')}
          </Link>
        </>
      )}
    </p>
  );
}
