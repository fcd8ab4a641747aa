import { useFirstSpeech } from '../language.ts';
import { useSite } from '../order-queries.ts';

/** Says on every page that payments are simulated, where they are. At the foot, so that its coming moves nothing. */
export function DemoBanner() {
  const { t } = useFirstSpeech();
  if (!useSite().data?.demo) return null;
  return (
    <aside
      id="demo"
      aria-label={t('demo.banner')}
      className="sticky bottom-0 z-20 flex min-h-(--foot) items-center justify-center bg-amber px-2 py-1 text-center text-sm font-semibold text-sheet print:hidden"
    >
      {t('demo.banner')}
    </aside>
  );
}
