import { Link } from '@tanstack/react-router';
import type { ProblemCode } from '../client.ts';
import { useSpeech } from '../language.ts';
import { accountProblemKeys } from '../problems.ts';
import { button } from './button.ts';
import { Alarm } from './problem-note.tsx';

/** Why something about the account failed, and the way to sign in where that is what it takes. */
export function AccountProblem({ code }: { readonly code: ProblemCode | undefined }) {
  const { t } = useSpeech();
  if (!code) return null;
  const { title, advice } = accountProblemKeys(code);
  return (
    <Alarm title={t(title)} text={t(advice)}>
      {(code === 'SIGN_IN_AGAIN' || code === 'SIGN_IN_REQUIRED') && (
        <Link to="/sign-in" className={button.plain}>
          {t('nav.signIn')}
        </Link>
      )}
    </Alarm>
  );
}
