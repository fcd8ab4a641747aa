import { useSpeech } from '../language.ts';
import { useStore } from '../store.ts';
import { tray } from '../tray.ts';

/** Says of photos that a reload would have lost that they are there. */
export function StillHere() {
  const { t } = useSpeech();
  if (!useStore(tray).isBack) return null;
  return (
    <p role="status" className="rounded-2xl bg-mint px-4 py-3">
      {t('tray.back')}
    </p>
  );
}
