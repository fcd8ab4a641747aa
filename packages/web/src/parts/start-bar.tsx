import type { RecipeName } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { clock } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useMe } from '../queries.ts';
import { RECIPE_KEYS } from '../recipes.ts';
import type { Startable } from '../use-startable.ts';
import { button } from './button.ts';

interface StartBarProps {
  readonly label: string;
  /** What will run: its card may be out of sight. */
  readonly recipe: RecipeName;
  readonly startable: Startable;
  /** What will not be started of what lies there. */
  readonly note?: string;
  /** What a start costs. */
  readonly cost?: string | undefined;
  readonly children: ReactNode;
}

/** The button that starts, always in view, and why it cannot when it cannot. */
export function StartBar({ label, recipe, startable, note, cost, children }: StartBarProps) {
  const { t } = useSpeech();
  const { waits, left } = startable;
  const blocked = waits || left === 0;
  return (
    // What scrolls away under the bar fades instead of being cut off.
    <div className="sticky bottom-(--foot) z-10 -mx-4 flex flex-col items-center gap-1 bg-paper px-4 py-2 before:pointer-events-none before:absolute before:inset-x-0 before:bottom-full before:h-6 before:bg-linear-to-t before:from-paper tight:static tight:before:hidden lg:mx-0 lg:px-0">
      {blocked && <WhyNot waits={waits && left !== 0} />}
      {!blocked && note && (
        <p id="why-not" className="mb-1 w-full rounded-2xl bg-honey px-4 py-3">
          {note}
        </p>
      )}
      <div className="flex w-full flex-col items-center gap-x-6 gap-y-1 low:flex-row">
        <button
          type="submit"
          className={`${button.primary} w-full low:w-auto low:grow`}
          aria-disabled={blocked}
          aria-describedby={blocked ? 'why-not' : note ? 'will-run why-not' : 'will-run'}
        >
          {label}
        </button>
        <div className="flex flex-wrap justify-center gap-x-6">{children}</div>
      </div>
      {!blocked && (
        <p
          id="will-run"
          className="order-first flex flex-wrap justify-center gap-x-3 text-center text-sm/snug text-soft"
        >
          <strong className="text-ink">{t(`choice.recipes.${RECIPE_KEYS[recipe]}.name`)}</strong>
          {cost && <span>{cost}</span>}
        </p>
      )}
    </div>
  );
}

function WhyNot({ waits }: { readonly waits: boolean }) {
  const { t, language } = useSpeech();
  const me = useMe();
  const renewsAt = me?.kind === 'guest' && me.renewsAt;
  return (
    <p id="why-not" className="mb-1 w-full rounded-2xl bg-honey px-4 py-3">
      {waits ? t('choice.busy') : renewsAt ? t('choice.spent', { time: clock(language, renewsAt) }) : t('tray.spent')}
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
