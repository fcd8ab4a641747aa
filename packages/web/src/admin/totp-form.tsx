import type { TotpSecret } from '@hili/contract/admin';
import { useEffect, useState } from 'react';
import { button } from '../parts/button.ts';
import { Field } from '../parts/field.tsx';
import { Form } from '../parts/form.tsx';
import { QrCode } from '../parts/qr-code.tsx';
import { makeTotp, proveTotp } from './client.ts';
import { useConsole } from './speech.ts';
import { Trouble } from './trouble.tsx';

/** Joins an authenticator app: it scans a code, and the six digits that it then shows prove that it has. */
export function TotpForm({ onProven }: { readonly onProven: (recoveryCodes: string[]) => void }) {
  const { t } = useConsole();
  const [secret, setSecret] = useState<TotpSecret>();
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    let isWanted = true;
    makeTotp().then(
      (made) => isWanted && setSecret(made),
      (caught: unknown) => isWanted && setError(caught),
    );
    return () => {
      isWanted = false;
    };
  }, []);

  async function prove() {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      const { codes } = await proveTotp(code);
      onProven(codes);
    } catch (caught) {
      setError(caught);
      setBusy(false);
    }
  }

  if (!secret)
    return error === undefined ? <div className="h-72 w-full rounded-2xl bg-well" /> : <Trouble error={error} />;
  return (
    <div className="flex w-full flex-wrap items-start gap-6">
      <QrCode text={secret.uri} label={t('enrol.qr')} />
      <Form busy={busy} onSend={prove} className="flex min-w-64 grow basis-64 flex-col gap-4">
        <p>{t('enrol.scan')}</p>
        <p className="text-soft">
          {t('enrol.typed')}
          <br />
          <code className="font-mono text-ink wrap-anywhere">{secret.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
        </p>
        <Field
          label={t('factor.totp')}
          value={code}
          onChange={setCode}
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={9}
          className="font-mono text-2xl tracking-[0.25em]"
        />
        <Trouble error={error} />
        <button type="submit" className={button.primary} aria-disabled={busy}>
          {t('enrol.prove')}
        </button>
      </Form>
    </div>
  );
}
