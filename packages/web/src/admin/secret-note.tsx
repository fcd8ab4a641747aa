import type { AdminSecret } from '@hili/contract/admin';
import { CopyButton } from './copy-button.tsx';
import { useConsole } from './speech.ts';

/** A partner's secret, which is shown this once. */
export function SecretNote({ secret: { code, secretKey } }: { readonly secret: AdminSecret }) {
  const { t } = useConsole();
  return (
    <>
      <p>{t('partner.once')}</p>
      <dl className="w-full rounded-2xl bg-well p-4">
        <dt className="text-soft">third_code</dt>
        <dd className="font-mono wrap-anywhere">{code}</dd>
        <dt className="mt-2 text-soft">secret_key</dt>
        <dd className="font-mono wrap-anywhere" data-testid="secret">
          {secretKey}
        </dd>
      </dl>
      <CopyButton text={secretKey} />
    </>
  );
}
