import type { AdminAccess } from '@hili/contract/admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { button } from '../parts/button.ts';
import { Field } from '../parts/field.tsx';
import { showCode, showPasskey, showRecoveryCode } from './client.ts';
import { accessQuery } from './queries.ts';
import { useConsole } from './speech.ts';
import { Trouble } from './trouble.tsx';

type Way = 'totp' | 'recovery';

/** Has an operator show a second factor, by whatever they have. */
export function FactorForm({ onShown }: { readonly onShown?: () => void }) {
  const { t } = useConsole();
  const client = useQueryClient();
  const access = useQuery(accessQuery).data;
  const [chosen, setChosen] = useState<Way>('totp');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!access) return null;
  const way = chosen === 'totp' && !access.totp ? 'recovery' : chosen;
  const canType = access.totp || access.recoveryCodesLeft > 0;

  async function show(ask: () => Promise<AdminAccess>) {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      client.setQueryData(accessQuery.queryKey, await ask());
      onShown?.();
    } catch (caught) {
      setError(caught);
      setCode('');
    } finally {
      setBusy(false);
    }
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    void show(() => (way === 'totp' ? showCode(code) : showRecoveryCode(code)));
  }

  return (
    <div className="flex flex-col gap-4" aria-busy={busy}>
      {access.passkeys > 0 && (
        <button type="button" className={button.quiet} aria-disabled={busy} onClick={() => void show(showPasskey)}>
          {t('factor.passkey')}
        </button>
      )}
      {canType && (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <Field
            key={way}
            label={t(`factor.${way}`)}
            hint={way === 'totp' ? t('factor.totpHint') : t('factor.recoveryHint', { count: access.recoveryCodesLeft })}
            value={code}
            onChange={setCode}
            required
            // The one thing to do here.
            autoFocus
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            inputMode={way === 'totp' ? 'numeric' : 'text'}
            maxLength={40}
            className="font-mono text-2xl tracking-[0.25em]"
          />
          <button type="submit" className={button.primary} aria-disabled={busy}>
            {t('factor.show')}
          </button>
        </form>
      )}
      <Trouble error={error} />
      {access.totp && access.recoveryCodesLeft > 0 && (
        <button
          type="button"
          className={`${button.plain} self-start`}
          onClick={() => {
            setChosen(way === 'totp' ? 'recovery' : 'totp');
            setCode('');
            setError(undefined);
          }}
        >
          {t(way === 'totp' ? 'factor.lost' : 'factor.back')}
        </button>
      )}
    </div>
  );
}
