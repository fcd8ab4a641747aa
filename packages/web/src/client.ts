import {
  API,
  type ComplaintFields,
  type JobView,
  type MeView,
  type PhotoView,
  type Problem,
  type Wish,
  wishFields,
} from '@hili/contract';

/**
 * Why something failed: a code of the error table; OFFLINE when no answer came; INSECURE where the browser gives no cryptography, as at
 * plain http; PASSKEY_FAILED when the device did not hand a passkey over; ADDRESS where an e-mail address is not whole.
 */
export type ProblemCode = Problem['code'] | 'OFFLINE' | 'INSECURE' | 'PASSKEY_FAILED' | 'ADDRESS';

/** A request of the page that failed. */
export class RequestError extends Error {
  readonly code: ProblemCode;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;
  /** What exactly the server did not like, in English, where it says so. */
  readonly detail: string | undefined;

  constructor(code: ProblemCode, retryAfter?: number, detail?: string) {
    super(code);
    this.name = 'RequestError';
    this.code = code;
    this.retryAfter = retryAfter;
    this.detail = detail;
  }
}

export const codeOf = (error: unknown): ProblemCode => (error instanceof RequestError ? error.code : 'INTERNAL');

/** What a failure's body says of itself; a proxy in front of the server says nothing of the kind. */
function problemIn(body: string): Partial<Problem> {
  try {
    return (JSON.parse(body) ?? {}) as Partial<Problem>;
  } catch {
    return {};
  }
}

function codeOfStatus(status: number): ProblemCode {
  if (status === 413) return 'TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  return status === 502 || status === 503 || status === 504 ? 'OVERLOADED' : 'INTERNAL';
}

/** What an answer that is a failure says. @param retryAfter the header of that name. */
export function failureOf(status: number, body: string, retryAfter: string | null): RequestError {
  const { code, detail } = problemIn(body);
  return new RequestError(code ?? codeOfStatus(status), Number(retryAfter) || undefined, detail);
}

/** Asks the page's API. @throws RequestError */
export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${API}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch(() => {
    throw new RequestError('OFFLINE');
  });
  const text = await response.text();
  if (!response.ok) throw failureOf(response.status, text, response.headers.get('retry-after'));
  return (text ? JSON.parse(text) : undefined) as T;
}

export const getMe = () => request<MeView>('GET', '/me');
export const getPhotos = () => request<PhotoView[]>('GET', '/photos');
export const deletePhoto = (id: string) => request<void>('DELETE', `/photos/${id}`);
export const cancelJob = (id: string) => request<PhotoView>('POST', `/photos/${id}/cancel`);
export const setNotice = (id: string, mail: boolean) => request<PhotoView>('PUT', `/photos/${id}/notice`, { mail });
export const sendComplaint = (id: string, fields: ComplaintFields) =>
  request<void>('POST', `/photos/${id}/complaint`, fields);
/** Runs a photo again. @param runId digits by which the run is known: it is made and charged once, however often this is called. */
export const runAgain = (id: string, wish: Wish, runId: string) =>
  request<PhotoView>('POST', `/photos/${id}/jobs`, { ...wishFields(wish), id: runId });

/** Whether a job still changes by itself. */
export const isActive = (job: JobView): boolean => job.state === 'queued' || job.state === 'running';
