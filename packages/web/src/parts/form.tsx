import type { ReactNode } from 'react';

interface FormProps {
  /** Whether what it asked for last is under way. */
  readonly busy: boolean;
  readonly onSend: () => unknown;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A form that asks the server for something without leaving the page. */
export function Form({ busy, onSend, className, children }: FormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void onSend();
      }}
      aria-busy={busy}
      className={className}
    >
      {children}
    </form>
  );
}
