import type { AdminPartnerView } from '@hili/contract/admin';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { FactList } from './fact-list.tsx';
import { Grant } from './grant.tsx';
import { Lots } from './lots.tsx';
import { Code, Count, Stamp, StateMark, To } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { Part } from './part.tsx';
import { PartnerActs } from './partner-acts.tsx';
import { PartnerPayment } from './partner-payment.tsx';
import { viewQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { Trouble } from './trouble.tsx';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

/** One partner: what it has, how it uses it, and with which secrets it may call. */
export function PartnerPage({ code }: { readonly code: string }) {
  const { t, language } = useConsole();
  const { data, error } = useQuery(viewQuery<AdminPartnerView>(`/partners/${encodeURIComponent(code)}`));
  if (!data) return error ? <Trouble error={error} /> : <div className="min-h-96 rounded-3xl bg-well" />;
  const { partner, secrets, lots, usage } = data;
  const number = (value: number) => new Intl.NumberFormat(language).format(value);
  return (
    <>
      <PageTitle title={partner.name} lead={partner.code}>
        <Grant path={`/partners/${encodeURIComponent(code)}`} who={partner.name} />
        <PartnerPayment code={code} who={partner.name} />
        <PartnerActs partner={partner} />
      </PageTitle>
      <FactList
        facts={[
          ['col.state', <StateMark key="state" state={partner.state} />],
          ['col.available', <Count key="available" value={partner.available} />],
          ['col.held', <Count key="held" value={partner.held} />],
          ['col.photos', <Count key="photos" value={partner.photos} />],
          ['col.since', <Stamp key="since" iso={partner.at} />],
          ['col.addresses', partner.addresses.length > 0 ? partner.addresses.join(', ') : t('partner.anywhere')],
          ['col.id', <Code key="id">{partner.id}</Code>],
        ]}
      />
      <p className="mt-4 flex flex-wrap gap-x-6 gap-y-2">
        <To place="ledger" search={{ owner: partner.id }}>
          {t('user.ledger')}
        </To>
        <To place="jobs" search={{ owner: partner.id }}>
          {t('user.jobs')}
        </To>
      </p>
      <Part title={t('partner.usage')}>
        <Suspense fallback={<div className="min-h-72 rounded-3xl bg-well" />}>
          <Plot
            title={t('partner.usageText')}
            per="day"
            at={usage.map(({ at }) => at)}
            format={number}
            lines={[
              { name: t('plots.done'), colour: '--pine', values: usage.map(({ done }) => done) },
              { name: t('plots.failed'), colour: '--rust', values: usage.map(({ failed }) => failed) },
            ]}
          />
        </Suspense>
      </Part>
      <Lots lots={lots} />
      <Part title={t('partner.secrets')}>
        <ul className="flex flex-col gap-2">
          {secrets.map(({ createdAt, endsAt }) => (
            <li key={createdAt} className="rounded-2xl border border-line bg-sheet px-5 py-3">
              {t('partner.secretOf')} <Stamp iso={createdAt} />
              {' · '}
              {endsAt ? (
                <>
                  {t('partner.worksUntil')} <Stamp iso={endsAt} />
                </>
              ) : (
                t('partner.worksOn')
              )}
            </li>
          ))}
        </ul>
      </Part>
    </>
  );
}
