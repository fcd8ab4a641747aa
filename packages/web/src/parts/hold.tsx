import { useSpeech } from '../language.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

interface HoldProps {
  readonly held: boolean;
  readonly onHold: (held: boolean) => void;
  readonly className?: string;
}

/** Shows the original for as long as it is pressed, by pointer or by key. */
export function Hold({ held, onHold, className = button.quiet }: HoldProps) {
  const { t } = useSpeech();
  return (
    <button
      type="button"
      aria-pressed={held}
      className={`${className} touch-none select-none`}
      onPointerDown={() => onHold(true)}
      onPointerUp={() => onHold(false)}
      onPointerLeave={() => onHold(false)}
      onPointerCancel={() => onHold(false)}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => (event.key === ' ' || event.key === 'Enter') && onHold(true)}
      onKeyUp={() => onHold(false)}
      onBlur={() => onHold(false)}
    >
      <Icon name="hold" className="size-5" />
      {t('compare.hold')}
    </button>
  );
}
