import type { ReactNode } from 'react';
import type { ProblemCode } from '../client.ts';
import { useSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import { Icon } from './icons.tsx';

/** Says what failed, what to do, and that it cost nothing; read out at once when it appears. */
export function ProblemNote({ code, children }: { readonly code: ProblemCode; readonly children?: ReactNode }) {
  const { t } = useSpeech();
  const { title, advice } = problemKeys(code);
  return (
    <div role="alert" className="flex gap-3 rounded-2xl bg-blush p-4 text-start">
      <Icon name="notice" className="mt-0.5 size-6 text-rust" />
      <div className="min-w-0">
        <p className="font-semibold text-rust">{t(title)}</p>
        <p>
          {t(advice)} {t('failed.free')}
        </p>
        {children}
      </div>
    </div>
  );
}
