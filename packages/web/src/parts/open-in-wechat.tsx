import { useSpeech } from '../language.ts';
import { CopyButton } from './copy-button.tsx';

/** The page's address, to be opened in WeChat on the same phone: its camera cannot scan what it shows itself. */
export function OpenInWechat() {
  const { t } = useSpeech();
  const { href } = location;
  return (
    <>
      <p className="font-mono text-sm wrap-anywhere select-all">{href}</p>
      <CopyButton text={href} label={t('link.copy')} done={t('link.copied')} />
    </>
  );
}
