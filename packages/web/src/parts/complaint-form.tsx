import { COMPLAINT_LENGTH, FAULTS, type Fault, type PhotoView } from '@hili/contract';
import { type FormEvent, useId, useState } from 'react';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { usePhotoActions } from '../queries.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';
import { announce } from './news.tsx';

interface ComplaintFormProps {
  readonly photo: PhotoView;
  readonly onSent: () => void;
}

/** What is wrong with a result, in a tick and in words, and whether the operator may look. */
export function ComplaintForm({ photo, onSent }: ComplaintFormProps) {
  const { t } = useSpeech();
  const id = useId();
  const { complain } = usePhotoActions(photo.id);
  const before = photo.complaint;
  const [fault, setFault] = useState<Fault | undefined>(before?.fault);
  const [text, setText] = useState(before?.text ?? '');
  const [mayLook, setMayLook] = useState(before?.mayLook ?? false);
  const faults = FAULTS.filter((each) => each !== 'background' || photo.job.recipe === 'bg');
  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!fault) return;
    await complain.mutateAsync({ fault, text, mayLook });
    announce(t('complaint.sent'));
    onSent();
  }
  return (
    <form onSubmit={(event) => void submit(event).catch(() => undefined)} className="flex flex-col gap-4">
      <fieldset>
        <legend className="font-semibold">{t('complaint.legend')}</legend>
        {faults.map((each) => (
          <label key={each} className="flex min-h-11 items-center gap-3">
            <input
              type="radio"
              name={`${id}-fault`}
              required
              checked={fault === each}
              onChange={() => setFault(each)}
              className="size-6 shrink-0 accent-pine"
            />
            {t(`complaint.faults.${each}`)}
          </label>
        ))}
      </fieldset>
      <div>
        <label htmlFor={`${id}-text`} className="font-semibold">
          {t(fault === 'other' ? 'complaint.wordsNeeded' : 'complaint.words')}
        </label>
        <textarea
          id={`${id}-text`}
          value={text}
          rows={4}
          maxLength={COMPLAINT_LENGTH}
          required={fault === 'other'}
          aria-describedby={`${id}-kept`}
          onChange={(event) => setText(event.currentTarget.value)}
          className="mt-1.5 w-full rounded-xl border border-edge bg-sheet px-4 py-3 text-lg text-ink"
        />
        <p id={`${id}-kept`} className="text-sm text-soft">
          {t('complaint.kept')}
        </p>
      </div>
      <div>
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            checked={mayLook}
            aria-describedby={`${id}-look`}
            onChange={(event) => setMayLook(event.currentTarget.checked)}
            className="size-6 shrink-0 accent-pine"
          />
          {t('complaint.look')}
        </label>
        <p id={`${id}-look`} className="text-sm text-soft">
          {t('complaint.lookHint')}
        </p>
      </div>
      <AccountProblem code={complain.error ? codeOf(complain.error) : undefined} />
      <button type="submit" className={button.quiet} disabled={complain.isPending}>
        {t('complaint.send')}
      </button>
    </form>
  );
}
