import { ERRORS, type ErrorCode } from '@hili/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { codeOf, RequestError } from '../client.ts';
import { useSpeech } from '../language.ts';
import { Alarm } from '../parts/problem-note.tsx';
import { problemKeys } from '../problems.ts';
import { accessQuery } from './queries.ts';

const isListed = (code: string): code is ErrorCode => code in ERRORS;

/** Why something failed: what the error table says in the reader's language, and exactly what the server did not like. */
export function Trouble({ error }: { readonly error: unknown }) {
  const { t, language } = useSpeech();
  const client = useQueryClient();
  const code = codeOf(error);
  useEffect(() => {
    // The frame then asks for the second factor in place of the page.
    if (code === 'SECOND_FACTOR_NEEDED') void client.invalidateQueries(accessQuery);
  }, [code, client]);
  if (!error) return null;
  const title = isListed(code) ? ERRORS[code].text[language] : t(problemKeys(code).title);
  const detail = error instanceof RequestError ? error.detail : undefined;
  return <Alarm title={title} text={detail ?? (isListed(code) ? '' : t(problemKeys(code).advice))} />;
}
