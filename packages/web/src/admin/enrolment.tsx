import type { RecoveryCodes } from '@hili/contract/admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { addPasskey } from '../account-client.ts';
import { waysQuery } from '../account-queries.ts';
import { nameOfAgent } from '../agent.ts';
import { button } from '../parts/button.ts';
import { Card } from '../parts/card.tsx';
import { showPasskey } from './client.ts';
import { accessQuery, refreshConsole } from './queries.ts';
import { RecoveryList } from './recovery-list.tsx';
import { useConsole } from './speech.ts';
import { TotpForm } from './totp-form.tsx';
import { Trouble } from './trouble.tsx';

/** The first second factor of an operator: an authenticator app, with codes for the day on which the phone is lost, or a passkey. */
export function Enrolment() {
  const { t } = useConsole();
  const client = useQueryClient();
  const [codes, setCodes] = useState<RecoveryCodes['codes']>();
  if (codes) return <RecoveryList codes={codes} onKept={() => void refreshConsole(client)} />;
  return (
    <div className="flex flex-col gap-6">
      <Card title={t('enrol.app')}>
        <TotpForm onProven={setCodes} />
      </Card>
      <PasskeyCard />
    </div>
  );
}

function PasskeyCard() {
  const { t } = useConsole();
  const client = useQueryClient();
  const ways = useQuery(waysQuery).data;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  if (!ways?.passkey || !('PublicKeyCredential' in globalThis)) return null;
  async function add() {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      await addPasskey(nameOfAgent(navigator.userAgent) || t('enrol.passkeyName'));
      client.setQueryData(accessQuery.queryKey, await showPasskey());
    } catch (caught) {
      setError(caught);
      await client.invalidateQueries(accessQuery);
    } finally {
      setBusy(false);
    }
  }
  return (
    <Card title={t('enrol.passkey')}>
      <p>{t('enrol.passkeyText')}</p>
      <Trouble error={error} />
      <button type="button" className={button.quiet} aria-disabled={busy} onClick={() => void add()}>
        {t('enrol.passkeyAdd')}
      </button>
    </Card>
  );
}
