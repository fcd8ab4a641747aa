import { useEffect, useState } from 'react';
import { droppedFiles } from '../dropped-files.ts';
import { useFirstSpeech } from '../language.ts';
import { useTake } from '../use-take.ts';
import { Icon } from './icons.tsx';

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;

/** Takes photos and folders that are dropped or pasted anywhere on any page, and shows that it will while they hover. */
export function DropSurface() {
  const { t } = useFirstSpeech();
  const take = useTake();
  const [hovering, setHovering] = useState(false);

  useEffect(() => {
    function over(event: DragEvent) {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setHovering(true);
    }
    // A drag leaves the window when it enters nothing else.
    const leave = (event: DragEvent) => event.relatedTarget === null && setHovering(false);
    function drop(event: DragEvent) {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setHovering(false);
      if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(take);
    }
    const paste = (event: ClipboardEvent) => void take([...(event.clipboardData?.files ?? [])]);
    document.addEventListener('dragover', over);
    document.addEventListener('dragleave', leave);
    document.addEventListener('drop', drop);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('dragover', over);
      document.removeEventListener('dragleave', leave);
      document.removeEventListener('drop', drop);
      document.removeEventListener('paste', paste);
    };
  }, [take]);

  if (!hovering) return null;
  return (
    <div className="pointer-events-none fixed inset-0 z-50 grid place-items-center bg-paper/90 p-6">
      <p className="flex flex-col items-center gap-4 rounded-3xl border-3 border-dashed border-pine bg-mint px-12 py-16 text-center font-serif text-3xl text-pine">
        <Icon name="photo" className="size-14" />
        {t('home.release')}
      </p>
    </div>
  );
}
