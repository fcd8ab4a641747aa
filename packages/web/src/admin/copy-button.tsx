import { useState } from 'react';
import { button } from '../parts/button.ts';
import { announce } from '../parts/news.tsx';
import { useConsole } from './speech.ts';

/** Puts a text on the clipboard. Browsers have none at plain http; there the text is selected by hand, and no button promises more. */
export function CopyButton({ text }: { readonly text: string }) {
  const { t } = useConsole();
  const [copied, setCopied] = useState(false);
  if (!globalThis.navigator?.clipboard) return null;
  async function copy() {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    announce(t('act.copied'));
  }
  return (
    <button type="button" className={button.quiet} onClick={() => void copy().catch(() => setCopied(false))}>
      {t(copied ? 'act.copied' : 'act.copy')}
    </button>
  );
}
