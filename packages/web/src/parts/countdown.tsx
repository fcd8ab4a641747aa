import { duration } from '../format.ts';
import { useSpeech } from '../language.ts';
import { useNow } from '../use-now.ts';

interface CountdownProps {
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly text: 'done.until' | 'failed.until' | 'tasks.until';
  readonly over: 'done.now' | 'failed.now' | 'recent.deleting';
}

/** The time until a photo and what was made of it are deleted. */
export function Countdown({ expiresAt, text, over }: CountdownProps) {
  const { t, language } = useSpeech();
  const left = (Date.parse(expiresAt) - useNow(1_000)) / 1000;
  return <time dateTime={expiresAt}>{left > 0 ? t(text, { time: duration(language, left) }) : t(over)}</time>;
}
