import type { ClaimView } from '@hili/contract';
import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { codeOf } from '../client.ts';
import { getClaim, wayToWechat } from '../invite-client.ts';
import { useSpeech } from '../language.ts';
import { AcceptMoney } from '../parts/accept-money.tsx';
import { AccountProblem } from '../parts/account-problem.tsx';
import { ClaimForm } from '../parts/claim-form.tsx';
import { useTitle } from '../use-title.ts';
import { isInWechat } from '../wechat.ts';

/** Milliseconds between two looks at money that is to be accepted: this page has no sign-in to be told by. */
const LOOK_MS = 3_000;
const ENDS = ['done', 'failed', 'lapsed'];
/** Why WeChat did not say who opened the page, as the way back from it has it. */
const PROBLEMS = ['other', 'refused', 'silent'] as const;

/** Where the code of a claim leads, mostly on a phone and without a sign-in. Nothing is bound before the answer is sent. */
export function ClaimPage() {
  const { t } = useSpeech();
  const { token } = useParams({ from: '/r/$token' });
  const { wechat } = useSearch({ from: '/r/$token' });
  const problem = PROBLEMS.find((each) => each === wechat);
  const [done, setDone] = useState<'wechat' | 'text'>();
  const { data, error } = useQuery({
    queryKey: ['claim', token],
    queryFn: () => getClaim(token),
    retry: 0,
    refetchInterval: ({ state }) => {
      const accept = state.data?.accept;
      return accept && !ENDS.includes(accept.state) ? LOOK_MS : false;
    },
  });
  const isLeaving = data?.wechat === 'ask' && !data.accept && isInWechat() && !problem;
  useEffect(() => {
    if (isLeaving) location.replace(wayToWechat(token));
  }, [isLeaving, token]);
  useTitle(t('title.claim'));
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col gap-6 px-4 py-14 sm:px-8">
      <h1 tabIndex={-1} className="text-4xl">
        {t(titleOf(data, done))}
      </h1>
      {done && (
        <p role="status" className="text-xl">
          {t(`claim.done.${done}`)}
        </p>
      )}
      {data?.accept && <AcceptMoney claim={data} accept={data.accept} />}
      {!done && data && !data.accept && !isLeaving && (
        <ClaimForm claim={data} token={token} problem={problem} onDone={setDone} />
      )}
      {!done && error && <AccountProblem code={codeOf(error)} />}
    </div>
  );
}

function titleOf(claim: ClaimView | undefined, done: 'wechat' | 'text' | undefined) {
  if (done) return 'claim.done.title';
  return claim?.accept?.state === 'waiting' ? 'accept.title' : 'claim.title';
}
