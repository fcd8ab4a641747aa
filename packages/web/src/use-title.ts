import { useEffect } from 'react';

/** Sets the window's title for as long as the component is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}
