import type { ComplaintView, PhotoView } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSpeech } from '../language.ts';
import { useReachable } from '../order-queries.ts';
import { useMe } from '../queries.ts';
import { button } from './button.ts';
import { ComplaintForm } from './complaint-form.tsx';

/** For who is not satisfied: first other settings at no cost, then words to the operator; and what they answered. */
export function Complaint({ photo }: { readonly photo: PhotoView }) {
  const { t } = useSpeech();
  const { id, complaint, rerunsLeft } = photo;
  const [writing, setWriting] = useState(false);
  const [sent, setSent] = useState(false);
  return (
    <details open={complaint !== null} className="rounded-2xl border border-line px-4">
      <summary className="min-h-12 rounded-lg py-2.5 font-semibold">{t('complaint.title')}</summary>
      <div className="flex flex-col gap-4 pt-1 pb-4">
        {rerunsLeft > 0 && (
          <div>
            <p>{t('complaint.again', { count: rerunsLeft })}</p>
            <Link to="/photos/$id" params={{ id }} hash="again" className={button.plain}>
              {t('complaint.settings')}
            </Link>
          </div>
        )}
        {complaint && !writing ? (
          <Said complaint={complaint} isNew={sent} onChange={() => setWriting(true)} />
        ) : (
          <>
            <p>{t(rerunsLeft > 0 ? 'complaint.tell' : 'complaint.only')}</p>
            <ComplaintForm
              photo={photo}
              onSent={() => {
                setWriting(false);
                setSent(true);
              }}
            />
          </>
        )}
      </div>
    </details>
  );
}

interface SaidProps {
  readonly complaint: ComplaintView;
  /** Whether it was sent just now, by the button that this has taken the place of. */
  readonly isNew: boolean;
  readonly onChange: () => void;
}

function Said({ complaint: { fault, text, state, answer }, isNew, onChange }: SaidProps) {
  const { t } = useSpeech();
  const thanks = useRef<HTMLParagraphElement>(null);
  const isReachable = useReachable();
  const hasAddress = Boolean(useMe()?.account?.email);
  useEffect(() => {
    if (isNew) thanks.current?.focus();
  }, [isNew]);
  return (
    <div className="flex flex-col items-start gap-3">
      <blockquote className="w-full border-s-4 border-line ps-4 whitespace-pre-line wrap-anywhere text-soft">
        {t(`complaint.faults.${fault}`)}
        {text && `\n${text}`}
      </blockquote>
      {state === 'answered' ? (
        <div className="w-full rounded-2xl bg-mint p-4">
          <p className="font-semibold text-pine">{t('complaint.answered')}</p>
          <p className="mt-1 whitespace-pre-line wrap-anywhere">{answer}</p>
        </div>
      ) : (
        <>
          <p ref={thanks} tabIndex={-1} className="font-semibold text-pine">
            {t('complaint.sent')}
          </p>
          <p>{t(hasAddress ? 'complaint.byMail' : 'complaint.here')}</p>
          <button type="button" className={button.plain} onClick={onChange}>
            {t('complaint.change')}
          </button>
        </>
      )}
      {isReachable && (state === 'answered' || !hasAddress) && (
        <Link to="/contact" className={button.plain}>
          {t('nav.contact')}
        </Link>
      )}
    </div>
  );
}
