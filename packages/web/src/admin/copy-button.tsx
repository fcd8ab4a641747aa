import { CopyButton as Copy } from '../parts/copy-button.tsx';
import { useConsole } from './speech.ts';

/** Puts a text on the clipboard, in the console's words. */
export function CopyButton({ text }: { readonly text: string }) {
  const { t } = useConsole();
  return <Copy text={text} label={t('act.copy')} done={t('act.copied')} />;
}
