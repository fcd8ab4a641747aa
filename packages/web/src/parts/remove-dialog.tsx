import { AlertDialog } from '@base-ui/react/alert-dialog';
import type { PhotoView } from '@hili/contract';
import { useState } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { useRemoval } from '../queries.ts';
import { button } from './button.ts';
import { wasDownloaded } from './downloads.ts';
import { announce } from './news.tsx';
import { ProblemNote } from './problem-note.tsx';

interface RemoveDialogProps {
  readonly photos: readonly PhotoView[];
  readonly onClose: () => void;
}

/** Asks once before photos are deleted for good. */
export default function RemoveDialog({ photos, onClose }: RemoveDialogProps) {
  const { t } = useSpeech();
  const remove = useRemoval();
  // As asked: those that go are taken out of the list one by one.
  const [asked] = useState(photos);
  const count = asked.length;
  const unsaved = asked.filter(({ job }) => job.state === 'done' && !wasDownloaded(job.id)).length;
  async function confirm() {
    await remove.mutateAsync(asked.map(({ id }) => id));
    announce(count === 1 ? t('news.deleted') : t('news.severalDeleted', { count }));
    onClose();
    // The button that asked goes with its photo. After the dialog, which would give the focus back to it.
    setTimeout(() => {
      if (document.activeElement === document.body) document.querySelector<HTMLElement>('main h1')?.focus();
    });
  }
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/55" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 flex w-[min(28rem,calc(100vw-2rem))] -translate-1/2 flex-col gap-4 rounded-3xl bg-sheet p-7 text-ink shadow-print">
          <AlertDialog.Title className="text-2xl">
            {count === 1 ? t('remove.title') : t('remove.several', { count })}
          </AlertDialog.Title>
          <AlertDialog.Description>
            {t(count === 1 ? 'remove.text' : 'remove.severalText')}{' '}
            {unsaved > 0 && (
              <strong>{count === 1 ? t('remove.unsaved') : t('remove.severalUnsaved', { count: unsaved })}</strong>
            )}
          </AlertDialog.Description>
          {remove.error && <ProblemNote code={codeOf(remove.error)} />}
          <div className="flex flex-wrap-reverse justify-end gap-3 pt-2">
            <AlertDialog.Close className={button.quiet}>
              {t(count === 1 ? 'remove.no' : 'remove.noSeveral')}
            </AlertDialog.Close>
            <button
              type="button"
              className={button.danger}
              disabled={remove.isPending}
              onClick={() => void confirm().catch(() => undefined)}
            >
              {t('remove.yes')}
            </button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
