import type { ClaimLink } from '@hili/contract';
import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { QrCode } from './qr-code.tsx';

interface ClaimCodeProps {
  readonly link: ClaimLink;
  /** What the code is, for who cannot see it. */
  readonly label: string;
  /** What to do with it. */
  readonly text: string;
  readonly busy: boolean;
  readonly onAnew: () => void;
}

/** The code that leads a phone to what is claimed or accepted there. */
export function ClaimCode({ link, label, text, busy, onAnew }: ClaimCodeProps) {
  const { t } = useSpeech();
  return (
    <div className="flex w-full flex-col gap-6 sm:flex-row sm:items-center">
      <QrCode text={link.url} label={label} />
      <div className="flex min-w-0 flex-col items-start gap-3">
        <p className="text-lg">{text}</p>
        <a href={link.url} className={button.plain}>
          {t('rebate.here')}
        </a>
        <button type="button" className={button.plain} aria-disabled={busy} onClick={onAnew}>
          {t('rebate.anew')}
        </button>
      </div>
    </div>
  );
}
