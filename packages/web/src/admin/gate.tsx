import type { AdminAccess } from '@hili/contract/admin';
import { Enrolment } from './enrolment.tsx';
import { FactorForm } from './factor-form.tsx';
import { PageTitle } from './page-title.tsx';
import { useConsole } from './speech.ts';

/** In front of the console: an operator shows a second factor, or gets one. */
export function Gate({ access }: { readonly access: AdminAccess }) {
  const { t } = useConsole();
  const hasFactor = access.totp || access.passkeys > 0;
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-10 sm:px-8 lg:py-14">
      <PageTitle
        title={t(hasFactor ? 'factor.title' : 'enrol.title')}
        lead={t(hasFactor ? 'factor.lead' : 'enrol.lead', { email: access.email })}
      />
      <div className="mt-8">{hasFactor ? <FactorForm /> : <Enrolment />}</div>
    </div>
  );
}
