import { useState } from 'react';
import { button } from './button.ts';
import { Icon } from './icons.tsx';
import { announce } from './news.tsx';

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** What it says once the text is copied. */
  readonly done: string;
  readonly look?: keyof typeof button;
}

/** Puts a text on the clipboard. Browsers have none at plain http; there the text is marked by hand, and no button promises more. */
export function CopyButton({ text, label, done, look = 'quiet' }: CopyButtonProps) {
  const [copied, setCopied] = useState<string>();
  if (!globalThis.navigator?.clipboard) return null;
  async function copy() {
    await navigator.clipboard.writeText(text).then(
      () => {
        setCopied(text);
        announce(done);
      },
      () => setCopied(undefined),
    );
  }
  return (
    <button type="button" className={button[look]} onClick={() => void copy()}>
      {copied === text && <Icon name="tick" className="size-5" />}
      {copied === text ? done : label}
    </button>
  );
}
