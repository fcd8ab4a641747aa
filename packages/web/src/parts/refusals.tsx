import { Link } from '@tanstack/react-router';
import type { ProblemCode } from '../client.ts';
import { useFirstSpeech } from '../language.ts';
import { problemKeys } from '../problems.ts';
import { useStore } from '../store.ts';
import { tray } from '../tray.ts';
import { Alarm } from './problem-note.tsx';

/** Names of this many files are written out. */
const NAMED = 5;

/** Says which of the files offered last were not taken, and why. */
export function Refusals() {
  const { refused, left } = useStore(tray);
  const problems = [...new Set(refused.map(({ problem }) => problem))];
  return (
    <>
      {problems.map((problem) => (
        <Refused
          key={problem}
          problem={problem}
          names={refused.filter((one) => one.problem === problem).map(({ name }) => name)}
        />
      ))}
      {left > 0 && <OneOnly />}
    </>
  );
}

function Refused({ problem, names }: { readonly problem: ProblemCode; readonly names: readonly string[] }) {
  const { t } = useFirstSpeech();
  const { title, advice } = problemKeys(problem);
  const more = names.length - NAMED;
  return (
    <Alarm title={t(title)} text={`${t(advice)} ${t('failed.free')}`}>
      <p className="mt-1 text-base break-words text-soft">
        {names.slice(0, NAMED).join(' · ')} {more > 0 && t('tray.more', { count: more })}
      </p>
    </Alarm>
  );
}

function OneOnly() {
  const { t } = useFirstSpeech();
  return (
    <p role="status" className="rounded-2xl bg-honey p-4">
      {t('tray.only')}{' '}
      <Link to="/prices" className="text-pine underline underline-offset-4">
        {t('credits.prices')}
      </Link>
    </p>
  );
}
