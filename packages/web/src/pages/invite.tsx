import type { FriendView, InviteTerms, InviteView, Language } from '@hili/contract';
import { Link } from '@tanstack/react-router';
import { codeOf } from '../client.ts';
import { day, money } from '../format.ts';
import { useInvites } from '../invite-client.ts';
import { useSpeech } from '../language.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { button } from '../parts/button.ts';
import { Card } from '../parts/card.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { useMe } from '../queries.ts';
import { useTitle } from '../use-title.ts';

/** What an invite brings to both sides, one's own link, and what has come of it. */
export function InvitePage() {
  const { t } = useSpeech();
  const me = useMe();
  const { data, error } = useInvites();
  useTitle(t('title.invite'));
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-12 sm:px-8 lg:py-16">
      <h1 tabIndex={-1} className="text-4xl">
        {t('invite.title')}
      </h1>
      <p className="mt-4 max-w-3xl text-xl text-soft">{t('invite.lead')}</p>
      <div className="mt-10 flex flex-col gap-6">
        {error && <AccountProblem code={codeOf(error)} />}
        {data && <Came invited={data.invited} terms={data.terms} />}
        {data?.terms && <Terms terms={data.terms} />}
        {data && !data.terms && <p className="text-lg">{t('invite.off')}</p>}
        {data?.own && (
          <>
            <OwnLink url={data.own.url} code={data.own.code} />
            <Friends friends={data.own.friends} />
          </>
        )}
        {data?.terms && me?.kind === 'guest' && <Guest />}
        {!data && !error && <div className="min-h-[60svh] rounded-3xl bg-well" />}
      </div>
    </div>
  );
}

/** How this user came themselves, as long as something is still to come of it. */
function Came({ invited, terms }: Pick<InviteView, 'invited' | 'terms'>) {
  const { t, language } = useSpeech();
  if (!terms || !(invited?.state === 'bound' || invited?.state === 'bought' || invited?.state === 'review'))
    return null;
  const values = { count: invited.photos, ...waitOf(language, terms) };
  return <p className="rounded-2xl bg-mint p-5 text-lg">{t(`invite.came.${invited.state}`, values)}</p>;
}

/** How long both wait for their photos, in words. */
const waitOf = (language: Language, { usedFen, latestDays }: InviteTerms) => ({
  amount: money(language, usedFen),
  days: latestDays,
});

function Terms({ terms }: { readonly terms: InviteTerms }) {
  const { t, language } = useSpeech();
  return (
    <section>
      <p className="text-lg">{t('invite.terms.when', waitOf(language, terms))}</p>
      <dl className="mt-5 grid gap-5 sm:grid-cols-2">
        {(['invitee', 'inviter'] as const).map((side) => (
          <div key={side} className="flex flex-col-reverse justify-end rounded-3xl bg-mint p-6 sm:p-8">
            <dd className="mt-1 font-serif text-4xl font-semibold text-pine">
              {t('invite.terms.photos', { count: terms[side] })}
            </dd>
            <dt className="text-lg">{t(`invite.terms.${side}`)}</dt>
          </div>
        ))}
      </dl>
      <p className="mt-5 text-soft">{t('invite.terms.fine', { days: terms.days, count: terms.perMonth })}</p>
    </section>
  );
}

function OwnLink({ url, code }: { readonly url: string; readonly code: string }) {
  const { t } = useSpeech();
  return (
    <Card title={t('invite.own.title')}>
      <div className="flex w-full flex-col gap-8 sm:flex-row sm:items-center">
        <QrCode text={url} label={t('invite.own.qr')} />
        <div className="flex min-w-0 flex-col items-start gap-4">
          <p className="text-lg">{t('invite.own.text')}</p>
          <p className="rounded-xl bg-well px-4 py-3 font-mono text-lg wrap-anywhere select-all">{url}</p>
          <CopyButton text={url} label={t('link.copy')} done={t('link.copied')} look="primary" />
          <p className="text-soft">
            {t('invite.own.code')}{' '}
            <strong className="font-mono text-lg tracking-widest text-ink select-all">{code}</strong>
          </p>
        </div>
      </div>
    </Card>
  );
}

function Friends({ friends }: { readonly friends: readonly FriendView[] }) {
  const { t, language } = useSpeech();
  return (
    <Card title={t('invite.friends.title')}>
      {friends.length === 0 ? (
        <p className="text-lg">{t('invite.friends.none')}</p>
      ) : (
        <ul className="w-full divide-y divide-line border-y border-line">
          {friends.map((friend) => (
            <li
              key={friend.joinedAt}
              className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-1 py-3 text-lg"
            >
              <span>{t('invite.friends.joined', { date: day(language, friend.joinedAt) })}</span>
              <span
                className={friend.state === 'rewarded' && friend.photos > 0 ? 'font-semibold text-pine' : 'text-soft'}
              >
                {t(`invite.friends.state.${stateOf(friend)}`, { count: friend.photos })}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-soft">{t('invite.friends.names')}</p>
    </Card>
  );
}

const stateOf = ({ state, photos }: FriendView) => (state === 'rewarded' && photos === 0 ? 'full' : state);

function Guest() {
  const { t } = useSpeech();
  return (
    <section className="flex flex-col items-start gap-4 rounded-3xl border border-line bg-sheet p-6 sm:p-8">
      <p className="text-lg">{t('invite.guest')}</p>
      <Link to="/sign-in" className={button.primary}>
        {t('nav.signIn')}
      </Link>
    </section>
  );
}
