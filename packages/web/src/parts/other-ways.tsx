import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { enterByPasskey, leaveFor } from '../account-client.ts';
import { waysQuery } from '../account-queries.ts';
import { useSpeech } from '../language.ts';
import type { Way } from '../pages/sign-in.tsx';
import { useArrive } from '../use-arrive.ts';
import { useAttempt } from '../use-attempt.ts';
import { AccountProblem } from './account-problem.tsx';
import { button } from './button.ts';

interface OtherWaysProps {
  readonly way: Way;
  readonly onWay: (way: Way) => void;
}

/** The other ways in: those that this installation offers, and this browser knows. */
export function OtherWays({ way, onWay }: OtherWaysProps) {
  const { t } = useSpeech();
  const arrive = useArrive();
  const ways = useQuery(waysQuery).data;
  const { problem, attempt } = useAttempt();
  const [knowsPasskeys, setKnowsPasskeys] = useState(false);
  useEffect(() => setKnowsPasskeys('PublicKeyCredential' in globalThis), []);
  const wide = `${button.quiet} w-full`;
  return (
    <div className="flex flex-col gap-3">
      <p className="flex items-center gap-4 text-soft before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
        {t('signIn.or')}
      </p>
      <AccountProblem code={problem} />
      {way === 'code' ? (
        <button type="button" className={wide} onClick={() => onWay('password')}>
          {t('signIn.withPassword')}
        </button>
      ) : (
        <button type="button" className={wide} onClick={() => onWay('code')}>
          {t('signIn.withCode')}
        </button>
      )}
      {ways?.passkey && knowsPasskeys && (
        <button type="button" className={wide} onClick={() => void attempt(async () => arrive(await enterByPasskey()))}>
          {t('signIn.passkey')}
        </button>
      )}
      {ways?.wechat && (
        <button type="button" className={wide} onClick={() => void attempt(() => leaveFor('wechat'))}>
          {t('signIn.wechat')}
        </button>
      )}
      {ways?.oidc && (
        <button type="button" className={wide} onClick={() => void attempt(() => leaveFor('oidc'))}>
          {t('signIn.oidc', { name: ways.oidc.name })}
        </button>
      )}
    </div>
  );
}
