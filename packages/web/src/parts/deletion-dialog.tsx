import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteAccount } from '../account-client.ts';
import { useBecome } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { tell } from './news.tsx';

/** Deletes the account once a word has been typed by hand. */
export default function DeletionDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useSpeech();
  const become = useBecome();
  const navigate = useNavigate();
  const { busy, problem, attempt } = useAttempt();
  const [typed, setTyped] = useState('');
  const word = t('account.deletion.word');
  const ready = typed.trim().toUpperCase() === word;
  async function submit() {
    if (!ready || !(await attempt(deleteAccount))) return;
    await navigate({ to: '/' });
    await become.guest();
    tell(t('account.deletion.done'));
  }
  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/55" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100svh-2rem)] w-[min(32rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-3xl bg-sheet p-7 text-ink shadow-print">
          <Form busy={busy} onSend={submit} className="flex flex-col gap-4">
            <AlertDialog.Title className="text-2xl">{t('account.deletion.title')}</AlertDialog.Title>
            <AlertDialog.Description>{t('account.deletion.text')}</AlertDialog.Description>
            <Field
              label={t('account.deletion.type', { word })}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              value={typed}
              onChange={setTyped}
            />
            <AccountProblem code={problem} />
            <div className="flex flex-wrap-reverse justify-end gap-3 pt-2">
              <AlertDialog.Close className={button.quiet}>{t('account.deletion.no')}</AlertDialog.Close>
              <button type="submit" className={button.danger} aria-disabled={!ready || busy}>
                {t('account.deletion.yes')}
              </button>
            </div>
          </Form>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
