import type { SiteView } from '@hili/contract';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { codeOf, request } from '../client.ts';
import { useSpeech } from '../language.ts';
import { AccountProblem } from '../parts/account-problem.tsx';
import { Article } from '../parts/article.tsx';
import { useTitle } from '../use-title.ts';

const siteQuery = queryOptions({ queryKey: ['site'], queryFn: () => request<SiteView>('GET', '/site') });

/** How to reach who runs this installation. */
export function ContactPage() {
  const { t } = useSpeech();
  const site = useQuery(siteQuery);
  useTitle(t('title.contact'));
  return (
    <Article title={t('contact.title')} lead={t('contact.lead')}>
      <div className="mt-9 min-h-72">
        {site.error && <AccountProblem code={codeOf(site.error)} />}
        {site.data && <Ways site={site.data} />}
      </div>
    </Article>
  );
}

function Ways({ site }: { readonly site: SiteView }) {
  const { t } = useSpeech();
  const { operator, email, wechat, address, qrUrl } = site;
  if (!operator && !email && !wechat && !address && !qrUrl)
    return <p className="rounded-3xl bg-honey p-6 text-lg">{t('contact.none')}</p>;
  const lines = [
    ['operator', operator],
    ['wechat', wechat],
    ['address', address],
  ] as const;
  return (
    <div className="flex flex-wrap items-start gap-x-14 gap-y-8 rounded-3xl border border-line bg-sheet p-7 shadow-sheet sm:p-9">
      <dl className="grid gap-5 text-lg">
        {email && (
          <div>
            <dt className="text-base text-soft">{t('contact.email')}</dt>
            <dd>
              <a
                href={`mailto:${email}`}
                className="inline-flex min-h-11 items-center text-pine underline underline-offset-4"
              >
                {email}
              </a>
            </dd>
          </div>
        )}
        {lines.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt className="text-base text-soft">{t(`contact.${name}`)}</dt>
                <dd className="whitespace-pre-line">{value}</dd>
              </div>
            ),
        )}
      </dl>
      {qrUrl && (
        <figure>
          <img
            src={qrUrl}
            alt={t('contact.qr')}
            width="240"
            height="240"
            className="size-60 rounded-2xl bg-white object-contain p-3"
          />
          <figcaption className="mt-2 text-center text-soft">{t('contact.scan')}</figcaption>
        </figure>
      )}
    </div>
  );
}
