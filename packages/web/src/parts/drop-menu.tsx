import { type MouseEvent, type ReactNode, useCallback, useEffect, useRef } from 'react';
import { Icon, type IconName } from './icons.tsx';

/** How a link or button of the header is drawn. */
export const PILL =
  'flex min-h-11 min-w-11 items-center justify-center gap-2 rounded-full whitespace-nowrap text-soft hover:bg-well hover:text-ink xl:px-4';
/** How a line of a menu is drawn. */
export const ITEM = 'flex min-h-12 w-full items-center rounded-xl px-4 text-start hover:bg-well';

interface DropMenuProps {
  readonly icon: IconName;
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A menu under a button of the header. It closes by Escape, by a click or the focus elsewhere, and when something in it is chosen. */
export function DropMenu({ icon, label, className = '', children }: DropMenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = useCallback(() => menu.current?.removeAttribute('open'), []);
  useEffect(() => {
    const outside = ({ target }: Event) => !menu.current?.contains(target as Node) && close();
    const onKey = ({ key }: KeyboardEvent) => {
      if (key !== 'Escape' || !menu.current?.open) return;
      close();
      menu.current.querySelector('summary')?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', onKey);
    };
  }, [close]);
  const onChosen = ({ target }: MouseEvent) => (target as Element).closest('a, button') && close();
  return (
    <details ref={menu} className={`relative ${className}`}>
      <summary className={`${PILL} list-none [&::-webkit-details-marker]:hidden`}>
        <Icon name={icon} className="size-6" />
        <span className="sr-only xl:not-sr-only">{label}</span>
      </summary>
      {/* biome-ignore lint/a11y: the links and buttons in it take keys themselves */}
      <div
        onClick={onChosen}
        className="absolute end-0 top-full z-40 mt-2 w-64 rounded-2xl border border-line bg-sheet p-2 shadow-print"
      >
        {children}
      </div>
    </details>
  );
}
