import { type AppError, ERRORS, type Language, PARTNER_API, type PartnerAnswer, type Problem } from '@hili/contract';

/** What a proxy in front would have refused too: only these leave the partner wire with another HTTP status than 200. */
const PROXY_STATUS = [413, 429, 503];

const headersOf = (error: AppError): Record<string, string> => ({
  'cache-control': 'no-store',
  ...(error.info.retryAfter !== undefined && { 'retry-after': String(Math.ceil(error.info.retryAfter)) }),
});

/** The answer of our own API: problem details (RFC 9457) in the reader's language. */
export function problemResponse(error: AppError, language: Language): Response {
  const { status, text } = ERRORS[error.code];
  const { detail, field } = error.info;
  const problem: Problem = {
    type: `urn:hili:error:${error.code}`,
    title: text[language],
    status,
    code: error.code,
    ...(detail !== undefined && { detail }),
    ...(field !== undefined && { field }),
  };
  const headers = { ...headersOf(error), 'content-type': 'application/problem+json', 'content-language': language };
  return new Response(JSON.stringify(problem), { status, headers });
}

/** The answer of the partner wire: HTTP 200 with `code` 9000, `errno` and `msg`; a field at fault stands behind the text. */
export function partnerFailure(error: AppError, language: Language): Response {
  const { status, errno, text } = ERRORS[error.code];
  const words = text[language];
  const msg = error.info.field === undefined ? words : `${words.replace(/[.。]$/, '')}: ${error.info.field}`;
  return partnerJson({ code: 9000, errno, msg }, PROXY_STATUS.includes(status) ? status : 200, headersOf(error));
}

/** A success of the partner wire. */
export function partnerSuccess<Data>(data: Data): Response {
  return partnerJson({ code: 200, data }, 200, { 'cache-control': 'no-store' });
}

// The charset is named for clients that would otherwise read JSON as Latin-1.
function partnerJson(answer: PartnerAnswer<unknown>, status: number, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(answer), {
    status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  });
}

/** Every failure in the form of the API that was called. */
export function failure(error: AppError, path: string, acceptLanguage: (fallback: Language) => Language): Response {
  return path.startsWith(`${PARTNER_API}/`)
    ? partnerFailure(error, acceptLanguage('zh'))
    : problemResponse(error, acceptLanguage('en'));
}
