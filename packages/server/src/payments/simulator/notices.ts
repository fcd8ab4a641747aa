import { randomBytes } from 'node:crypto';
import type { SimKeys } from './keys.ts';
import { chinaTime } from './world.ts';

/** Seconds between tries of a notice, as WeChat Pay documents them; then it gives up. */
export const RETRY_SECONDS = [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600];
/** A notice that is not answered in this time has failed. */
const ANSWER_MS = 5_000;

/** How the first try of a notice is spoilt: by somebody on the way, by a forger, or (the last) by a correct signature over a wrong amount. */
export const TAMPERS = ['body', 'signature', 'serial', 'timestamp', 'aad', 'ciphertext', 'probe', 'amount'] as const;
export type Tamper = (typeof TAMPERS)[number];

/** What becomes of the next notice. */
export interface NoticeFault {
  readonly drop?: boolean | undefined;
  readonly copies?: number | undefined;
  readonly delaySeconds?: number | undefined;
  readonly tamper?: Tamper | undefined;
}

interface Pending {
  readonly id: string;
  readonly url: string;
  readonly event: string;
  readonly about: string;
  readonly said: object;
  readonly tamper: Tamper | undefined;
  dueAt: number;
  tries: number;
}

/** One try, and the status of its answer; 0 for none. */
export interface Try {
  readonly id: string;
  readonly tamper: Tamper | undefined;
  readonly status: number;
}

export type Pick = (due: readonly Pending[]) => Pending | undefined;

export interface Notices {
  readonly tries: Try[];
  /** Puts a notice on its way, spoilt by the next fault, if there is one. */
  send(url: string, event: string, about: 'transaction' | 'refund' | 'mch_payment', said: object): void;
  /** Faults of the notices to come, in order. */
  readonly faults: NoticeFault[];
  /**
   * Delivers what is due until a moment, tries again included.
   * @param pick chooses the next of those that are due, which come by their time.
   * @param turn is told the time of each before it goes out, so that a virtual clock can be turned to it.
   * @returns how many tries were made.
   */
  deliver(until: number, pick?: Pick, turn?: (at: number) => void): Promise<number>;
  /** Forgets what is on its way, and the faults to come. */
  clear(): void;
}

/** @param answerMs milliseconds that an answer may take. */
export function createNotices(keys: SimKeys, now: () => number, answerMs = ANSWER_MS): Notices {
  let pending: Pending[] = [];
  const tries: Try[] = [];
  const faults: NoticeFault[] = [];

  async function post({ id, url, event, about, said, tamper }: Pending, at: number): Promise<number> {
    const wrong = { amount: { total: 1, payer_total: 1, currency: 'CNY' }, transfer_amount: 1 };
    const spoilt = tamper === 'amount' ? { ...said, ...wrong } : said;
    const resource = { original_type: about, ...keys.seal(JSON.stringify(spoilt), about) };
    if (tamper === 'aad') resource.associated_data = 'x';
    if (tamper === 'ciphertext') resource.ciphertext = flip(resource.ciphertext);
    const envelope = { id, create_time: chinaTime(at), resource_type: 'encrypt-resource', event_type: event };
    const body = JSON.stringify({ ...envelope, summary: event, resource });
    const headers = keys.sign(body, tamper === 'timestamp' ? at - 3_600_000 : at);
    if (tamper === 'serial') headers['wechatpay-serial'] = 'PUB_KEY_ID_0000';
    if (tamper === 'signature') headers['wechatpay-signature'] = randomBytes(256).toString('base64');
    if (tamper === 'probe')
      headers['wechatpay-signature'] = `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']?.slice(19)}`;
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: tamper === 'body' ? body.replace('"id":"EV', '"id":"EW') : body,
        headers: { ...headers, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(answerMs),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  return {
    tries,
    faults,
    send(url, event, about, said) {
      const { drop, copies = 1, delaySeconds = 0, tamper } = faults.shift() ?? {};
      if (drop) return;
      const id = `EV-${randomBytes(8).toString('hex')}`;
      const dueAt = now() + delaySeconds * 1000;
      for (let copy = 0; copy < copies; copy += 1)
        pending.push({ id, url, event, about, said, tamper, dueAt, tries: 0 });
    },
    async deliver(until, pick = ([first]) => first, turn = () => {}) {
      for (let count = 0; ; count += 1) {
        const due = pending.filter(({ dueAt }) => dueAt <= until).sort((a, b) => a.dueAt - b.dueAt);
        const next = pick(due);
        if (!next) return count;
        const at = Math.max(next.dueAt, now());
        turn(at);
        // A later try is clean, as the real service sends a good signature after a probe.
        const tamper = next.tries === 0 ? next.tamper : undefined;
        const status = await post({ ...next, tamper }, at);
        tries.push({ id: next.id, tamper, status });
        const wait = RETRY_SECONDS[next.tries];
        next.tries += 1;
        if (status === 200 || status === 204 || wait === undefined) pending = pending.filter((each) => each !== next);
        else next.dueAt = at + wait * 1000;
      }
    },
    clear() {
      pending = [];
      faults.length = 0;
    },
  };
}

/** Another ciphertext: its first bit is turned over. */
function flip(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  return bytes.toString('base64');
}
