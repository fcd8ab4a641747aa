import { AlertDialog } from '@base-ui/react/alert-dialog';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { codeOf } from '../client.ts';
import { newId } from '../ids.ts';
import { button } from '../parts/button.ts';
import { Form } from '../parts/form.tsx';
import { announce } from '../parts/news.tsx';
import type { ActProps } from './act.tsx';
import { ActInput } from './act-input.tsx';
import { FactorForm } from './factor-form.tsx';
import { refreshConsole } from './queries.ts';
import { useConsole } from './speech.ts';
import { Trouble } from './trouble.tsx';

type Stage =
  | { readonly name: 'asked' }
  | { readonly name: 'factor' }
  | { readonly name: 'done'; readonly shown: ReactNode };

/**
 * Asks before an act: what will happen, and why. Where the server wants a fresher second factor, the dialogue asks for it and then goes on
 * by itself. It closes when the act is done, unless there is something to show.
 */
export function ActDialog(props: ActProps & { readonly onClose: () => void }) {
  const { label, text, fields = [], withReason = true, run, done, look, reveal, onClose } = props;
  const { t } = useConsole();
  const client = useQueryClient();
  const [key] = useState(newId);
  const [values, setValues] = useState(() =>
    Object.fromEntries([...fields.map(({ name, value }) => [name, value ?? '']), ['reason', '']]),
  );
  const [stage, setStage] = useState<Stage>({ name: 'asked' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  async function act() {
    setBusy(true);
    setError(undefined);
    try {
      const answer = await run(values, key);
      announce(done);
      if (reveal) setStage({ name: 'done', shown: reveal(answer as never) });
      else leave();
    } catch (caught) {
      const wantsFactor = codeOf(caught) === 'SECOND_FACTOR_NEEDED';
      setStage(wantsFactor ? { name: 'factor' } : { name: 'asked' });
      setError(wantsFactor ? undefined : caught);
    } finally {
      setBusy(false);
    }
  }
  /** What the act has changed is asked for again once its answer has been read: the button itself may go by it, and this dialogue with it. */
  function leave() {
    onClose();
    void refreshConsole(client);
  }
  function submit() {
    if (!busy) void act();
  }

  return (
    <AlertDialog.Root open onOpenChange={(open) => !open && leave()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/55" />
        <AlertDialog.Popup className="fixed top-1/2 left-1/2 z-50 max-h-[calc(100svh-2rem)] w-[min(34rem,calc(100vw-2rem))] -translate-1/2 overflow-y-auto rounded-3xl bg-sheet p-6 text-ink shadow-print sm:p-7">
          <AlertDialog.Title className="text-2xl">{stage.name === 'done' ? done : label}</AlertDialog.Title>
          {stage.name === 'done' && (
            <div className="mt-4 flex flex-col items-start gap-4">
              {stage.shown}
              <AlertDialog.Close className={`${button.quiet} self-end`}>{t('act.close')}</AlertDialog.Close>
            </div>
          )}
          {stage.name === 'factor' && (
            <div className="mt-4 flex flex-col gap-4">
              <AlertDialog.Description>{t('factor.again')}</AlertDialog.Description>
              <FactorForm onShown={() => void act()} />
              <AlertDialog.Close className={`${button.quiet} self-end`}>{t('act.cancel')}</AlertDialog.Close>
            </div>
          )}
          {stage.name === 'asked' && (
            <Form busy={busy} onSend={submit} className="mt-4 flex flex-col gap-4">
              {fields.map((field) => (
                <ActInput
                  key={field.name}
                  field={field}
                  value={values[field.name] ?? ''}
                  onChange={(value) => setValues({ ...values, [field.name]: value })}
                />
              ))}
              {withReason && (
                <ActInput
                  field={{ name: 'reason', label: t('act.reason'), hint: t('act.reasonHint'), max: 500 }}
                  value={values.reason ?? ''}
                  onChange={(reason) => setValues({ ...values, reason })}
                />
              )}
              <AlertDialog.Description className="rounded-2xl bg-well p-4 wrap-anywhere" aria-live="polite">
                {text(values)}
              </AlertDialog.Description>
              {error !== undefined && <Trouble error={error} />}
              <div className="flex flex-wrap-reverse justify-end gap-3">
                <AlertDialog.Close className={button.quiet}>{t('act.cancel')}</AlertDialog.Close>
                <button
                  type="submit"
                  className={look === 'danger' ? button.danger : `${button.quiet} border-pine! bg-pine! text-on-pine!`}
                  aria-disabled={busy}
                >
                  {label}
                </button>
              </div>
            </Form>
          )}
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
