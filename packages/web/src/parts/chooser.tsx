import { useNavigate } from '@tanstack/react-router';
import { type ChangeEvent, useId } from 'react';
import { useSpeech } from '../language.ts';
import { ACCEPT, take } from '../upload.ts';
import { button } from './button.ts';
import { Icon } from './icons.tsx';

/** The button that opens the file dialogue: a real file input, so that keyboard, touch and screen readers know it. */
export function Chooser({ label, kind = 'primary', className = '', onReach }: ChooserProps) {
  const { t } = useSpeech();
  const navigate = useNavigate();
  const id = useId();
  function accept({ currentTarget }: ChangeEvent<HTMLInputElement>) {
    take(currentTarget.files ?? []);
    // So that the same file can be chosen once more.
    currentTarget.value = '';
    void navigate({ to: '/' });
  }
  return (
    <>
      <input
        id={id}
        type="file"
        accept={ACCEPT}
        className="peer sr-only"
        onFocus={onReach}
        onClick={onReach}
        onChange={accept}
      />
      <label
        htmlFor={id}
        className={`${button[kind]} ${kind === 'primary' ? 'hover:bg-pine-deep' : ''} peer-focus-visible:outline-3 peer-focus-visible:outline-offset-3 peer-focus-visible:outline-pine ${className}`}
      >
        <Icon name="photo" className={kind === 'primary' ? 'size-7' : 'size-5'} />
        {label ?? t('home.choose')}
      </label>
    </>
  );
}

interface ChooserProps {
  readonly label?: string;
  readonly kind?: 'primary' | 'quiet' | 'plain';
  readonly className?: string;
  /** Called when the visitor is about to choose, before a file is there. */
  readonly onReach?: () => void;
}
