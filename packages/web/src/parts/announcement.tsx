import { useFirstSpeech } from '../language.ts';
import { useSite } from '../order-queries.ts';

/** The operator's own words on every page, where there are any in the language spoken. */
export function Announcement() {
  const { language } = useFirstSpeech();
  const words = useSite().data?.announcement?.[language];
  if (!words) return null;
  return (
    <aside className="border-b border-line bg-honey px-4 py-3 text-center whitespace-pre-line text-ink wrap-anywhere print:hidden">
      {words}
    </aside>
  );
}
