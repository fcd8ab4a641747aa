import type { ReactNode } from 'react';
import type { ProblemCode } from '../client.ts';
import { useFirstSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import { Icon } from './icons.tsx';

/** Says what failed, what to do, and that it cost nothing; read out at once when it appears. */
export function ProblemNote({ code, children }: { readonly code: ProblemCode; readonly children?: ReactNode }) {
  const { t } = useFirstSpeech();
  const { title, advice } = problemKeys(code);
  return (
    <Alarm title={t(title)} text={`${t(advice)} ${t('failed.free')}`}>
      {children}
    </Alarm>
  );
}

interface AlarmProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

export function Alarm({ title, text, children }: AlarmProps) {
  return (
    <div role="alert" className="flex gap-3 rounded-2xl bg-blush p-4 text-start">
      <Icon name="notice" className="mt-0.5 size-6 text-rust" />
      <div className="min-w-0">
        <p className="font-semibold text-rust">{title}</p>
        <p>{text}</p>
        {children}
      </div>
    </div>
  );
}
