import { bytes } from '../format.ts';
import { useSpeech } from '../language.ts';
import type { TrayPhoto } from '../tray.ts';

/** How far a photo on its way has come, or what it waits for, in words. */
export function useSentWords({ file: { size }, sent, pause }: TrayPhoto): string {
  const { t, language } = useSpeech();
  if (pause) return t(`tray.${pause}`);
  if (sent >= 1) return t('work.checking');
  return t('work.sent', { sent: bytes(language, sent * size), total: bytes(language, size) });
}
