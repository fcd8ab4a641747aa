import type { SiteView } from '@hili/contract';
import { codeOf } from '../client.ts';
import { useSpeech } from '../language.ts';
import { useSite } from '../order-queries.ts';
import { AccountProblem } from './account-problem.tsx';

/** How to reach who runs this installation, as far as they have said. */
export function ContactWays() {
  const { data, error } = useSite();
  if (error) return <AccountProblem code={codeOf(error)} />;
  return data && <Ways site={data} />;
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
