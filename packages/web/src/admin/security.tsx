import type { RecoveryCodes } from '@hili/contract/admin';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { button } from '../parts/button.ts';
import { Card } from '../parts/card.tsx';
import { Act } from './act.tsx';
import { makeRecoveryCodes, removeTotp } from './client.ts';
import { CodeList } from './code-list.tsx';
import { Stamp } from './marks.tsx';
import { PageTitle } from './page-title.tsx';
import { accessQuery, refreshConsole } from './queries.ts';
import { RecoveryList } from './recovery-list.tsx';
import { useConsole } from './speech.ts';
import { TotpForm } from './totp-form.tsx';

/** The operator's own second factor. */
export function SecurityPage() {
  const { t } = useConsole();
  const client = useQueryClient();
  const access = useQuery(accessQuery).data;
  const [isJoining, setJoining] = useState(false);
  const [codes, setCodes] = useState<RecoveryCodes['codes']>();
  if (!access) return null;
  function finish() {
    setCodes(undefined);
    setJoining(false);
    void refreshConsole(client);
  }
  return (
    <>
      <PageTitle title={t('place.security')} lead={t('security.lead', { email: access.email })} />
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-2">
        <Card title={t('security.app')}>
          {codes ? (
            <RecoveryList codes={codes} onKept={finish} />
          ) : isJoining ? (
            <TotpForm onProven={setCodes} />
          ) : (
            <>
              <p>{t(access.totp ? 'security.hasApp' : 'security.noApp')}</p>
              <div className="flex flex-wrap gap-3">
                <button type="button" className={button.quiet} onClick={() => setJoining(true)}>
                  {t(access.totp ? 'security.otherApp' : 'security.joinApp')}
                </button>
                {access.totp && (
                  <Act
                    label={t('security.removeApp')}
                    look="danger"
                    withReason={false}
                    text={() => t('security.removeText')}
                    run={removeTotp}
                    done={t('security.removed')}
                  />
                )}
              </div>
            </>
          )}
        </Card>
        <Card title={t('security.codes')}>
          <p>{t('security.codesLeft', { count: access.recoveryCodesLeft })}</p>
          {access.totp && (
            <Act
              label={t('security.newCodes')}
              look="quiet"
              withReason={false}
              text={() => t('security.newCodesText')}
              run={makeRecoveryCodes}
              done={t('recovery.title')}
              reveal={({ codes: made }: RecoveryCodes) => (
                <CodeList codes={made} lead={t('recovery.text')} name="recovery-codes.txt" />
              )}
            />
          )}
        </Card>
        <Card title={t('security.passkeys')}>
          <p>{t('security.passkeysText', { count: access.passkeys })}</p>
          <Link to="/account" className={button.quiet}>
            {t('security.toAccount')}
          </Link>
        </Card>
        <Card title={t('security.until')}>
          <p>
            {t('security.consoleUntil')} <Stamp iso={access.consoleUntil} />
          </p>
          <p>
            {t('security.moneyUntil')} <Stamp iso={access.moneyUntil} />
          </p>
        </Card>
      </div>
    </>
  );
}
