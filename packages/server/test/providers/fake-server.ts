import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../../src/database.ts';

/** How an answer is spoilt. `drop_after`: it was done, and the connection broke before the answer. */
export type Fault = 'none' | 'drop_before' | 'drop_after' | '500' | 'corrupt';

export interface Ask {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Said {
  readonly status: number;
  readonly body: string;
}

/** What becomes of the next notice; `tamper` is one of the words of its provider. */
export interface NoticeFault {
  readonly drop?: boolean;
  readonly copies?: number;
  readonly delaySeconds?: number;
  readonly tamper?: string;
}

interface Pending {
  readonly url: string;
  /** A notice as it is at a moment, spoilt in a way, or well. */
  readonly write: (
    at: Date,
    tamper: string | undefined,
  ) => { readonly body: string; readonly headers: Record<string, string> };
  readonly tamper: string | undefined;
  dueAt: number;
  tries: number;
}

/** Seconds between the tries of a notice. */
const RETRY_SECONDS = [15, 60, 240, 600, 3600, 7200, 21_600, 54_000];
const ANSWER_MS = 10_000;

/** A server of a provider: answers, and the notices that it sends by itself, both with faults. */
export interface FakeServer {
  readonly port: number;
  /** Faults of the answers to come, in order. */
  readonly faults: Fault[];
  readonly noticeFaults: NoticeFault[];
  /** Each try of a notice: how it was spoilt, and whether it was taken. */
  readonly tries: { readonly tamper: string | undefined; readonly status: number; readonly accepted: boolean }[];
  send(url: string, write: Pending['write']): void;
  /** Delivers what is due until a moment, in an order that `choose` makes; `turn` is told the time of each. */
  deliver(until: number, choose?: (count: number) => number, turn?: (at: number) => void): Promise<void>;
  clear(): void;
  close(): Promise<void>;
}

/** @param isTaken whether an answer to a notice ends its tries. */
export async function openFakeServer(
  clock: Clock,
  answer: (ask: Ask) => Said,
  isTaken: (status: number, body: string) => boolean,
): Promise<FakeServer> {
  let pending: Pending[] = [];
  const faults: Fault[] = [];
  const noticeFaults: NoticeFault[] = [];
  const tries: FakeServer['tries'] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const body = (await buffer(request)).toString('utf8');
    const fault = faults.shift();
    if (fault === 'drop_before') return void response.destroy();
    const said =
      fault === '500'
        ? { status: 500, body: '{}' }
        : answer({ method, url: new URL(url, 'http://fake'), headers, body });
    if (fault === 'drop_after') return void response.destroy();
    response.writeHead(said.status, { 'content-type': 'application/json' });
    response.end(fault === 'corrupt' ? said.body.slice(0, -9) : said.body);
  }
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  async function post({ url, write, tamper, tries: tried }: Pending, at: number): Promise<boolean> {
    // A later try is clean.
    const spoilt = tried === 0 ? tamper : undefined;
    const { body, headers } = write(new Date(at), spoilt);
    const response = await fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(ANSWER_MS) }).catch(
      () => undefined,
    );
    const text = (await response?.text()) ?? '';
    const accepted = response !== undefined && isTaken(response.status, text);
    tries.push({ tamper: spoilt, status: response?.status ?? 0, accepted });
    return accepted;
  }

  return {
    port: (server.address() as AddressInfo).port,
    faults,
    noticeFaults,
    tries,
    send(url, write) {
      const { drop, copies = 1, delaySeconds = 0, tamper } = noticeFaults.shift() ?? {};
      if (drop) return;
      const dueAt = clock().getTime() + delaySeconds * 1000;
      for (let copy = 0; copy < copies; copy += 1) pending.push({ url, write, tamper, dueAt, tries: 0 });
    },
    async deliver(until, choose = () => 0, turn = () => {}) {
      for (;;) {
        const due = pending.filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt);
        const next = due[choose(due.length)];
        if (!next) return;
        const at = Math.max(next.dueAt, clock().getTime());
        turn(at);
        const accepted = await post(next, at);
        const wait = RETRY_SECONDS[next.tries];
        next.tries += 1;
        if (accepted || wait === undefined) pending = pending.filter((each) => each !== next);
        else next.dueAt = at + wait * 1000;
      }
    },
    clear() {
      pending = [];
      faults.length = 0;
      noticeFaults.length = 0;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
