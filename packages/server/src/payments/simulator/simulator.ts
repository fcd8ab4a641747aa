import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../database.ts';
import type { WechatAccount } from '../wechat/client.ts';
import { createAnswers, refundOf, transactionOf } from './answers.ts';
import { makeKeys } from './keys.ts';
import { createNotices, type Notices } from './notices.ts';
import { createPeople, type People } from './people.ts';
import { createTransfers, type SimTransfer, type Transfers, transferOf } from './transfers.ts';
import { createWorld, type Saved, SimRefusal, type World } from './world.ts';

/** How an answer is spoilt. `drop_after`: it was done, and the connection broke before the answer. */
export const FAULTS = ['drop_before', 'drop_after', 'hang', '500', '429', 'bad_sig', 'corrupt'] as const;

/** Spoils the answers to so many requests whose `METHOD /path` matches. */
export interface AnswerFault {
  readonly match: RegExp;
  times: number;
  readonly kind: (typeof FAULTS)[number];
}

/** Milliseconds after which a hanging request is dropped. */
const HANG_MS = 60_000;

/**
 * WeChat Pay on this machine: real signatures, real encryption, orders, refunds, notices and their retries. It listens on 127.0.0.1 and
 * speaks to the unchanged client. Nobody pays; somebody says `pay`.
 */
export interface Simulator {
  /** For the client: as a merchant has it, with our address for WeChat's. */
  readonly account: WechatAccount;
  readonly world: World;
  readonly transfers: Transfers;
  readonly people: People;
  readonly notices: Notices;
  /** Faults of answers; the first that matches counts. */
  readonly faults: AnswerFault[];
  /** How many faults of each kind have struck. */
  readonly struck: Map<string, number>;
  /** The buyer scans and pays; the notice is on its way then. @returns why not, in a word, or `paid`. */
  pay(codeUrl: string): 'paid' | 'invalid' | 'ended' | 'expired';
  /** Ends a refund; the notice is on its way then. */
  settleRefund(outRefundNo: string, status?: 'SUCCESS' | 'CLOSED' | 'ABNORMAL'): void;
  /** Whoever is paid accepts it; the notice is on its way then. @returns whether that was still possible. */
  acceptTransfer(packageInfo: string): boolean;
  /** Ends a transfer that cannot be made; the notice is on its way then. */
  failTransfer(outBillNo: string, reason?: string): void;
  close(): Promise<void>;
}

/**
 * @param answerMs milliseconds that the merchant has for the answer to a notice.
 * @param saved goes on with an earlier one.
 */
export async function openSimulator(clock: Clock, answerMs?: number, saved?: Saved): Promise<Simulator> {
  const now = () => clock().getTime();
  const keys = makeKeys();
  const world = createWorld(saved);
  const transfers = createTransfers(keys, saved?.transfers);
  const people = createPeople(keys.account.appid);
  const notices = createNotices(keys, now, answerMs);
  const answer = createAnswers(world, transfers, keys, now);
  const faults: AnswerFault[] = [];
  const struck = new Map<string, number>();

  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const body = (await buffer(request)).toString('utf8');
    const fault = faults.find(({ match, times }) => times > 0 && match.test(`${method} ${url}`));
    if (fault) {
      fault.times -= 1;
      struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1);
    }
    const kind = fault?.kind;
    const send = (status: number, text: string) => {
      const signed = keys.sign(text, now());
      if (kind === 'bad_sig')
        signed['wechatpay-signature'] = `WECHATPAY/SIGNTEST/${signed['wechatpay-signature']?.slice(19)}`;
      response.writeHead(status, { ...signed, 'content-type': 'application/json' });
      // The last digit of a corrupt answer is another one.
      response.end(kind === 'corrupt' ? text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)) : text);
    };
    const refuse = (status: number, code: string, message: string) => send(status, JSON.stringify({ code, message }));

    if (kind === 'drop_before') return void response.destroy();
    if (kind === '500') return refuse(500, 'SYSTEM_ERROR', '系统异常');
    if (kind === '429') return refuse(429, 'FREQUENCY_LIMITED', '频率超限');
    const { pathname, searchParams } = new URL(url, 'http://simulator');
    if (pathname === '/sns/oauth2/access_token') return send(200, JSON.stringify(people.answer(searchParams, now())));
    const wrong = keys.judge(method, url, body, headers.authorization ?? '', now());
    if (wrong) return refuse(401, 'SIGN_ERROR', `签名错误: ${wrong}`);
    try {
      const said = answer({ method, url: new URL(url, 'http://simulator'), body });
      if (kind === 'drop_after') return void response.destroy();
      if (kind === 'hang') {
        await sleep(HANG_MS, undefined, { ref: false });
        return void response.destroy();
      }
      if (said === undefined) send(204, '');
      else send(200, typeof said === 'string' ? said : JSON.stringify(said));
    } catch (error) {
      if (!(error instanceof SimRefusal)) throw error;
      refuse(error.status, error.code, error.message);
    }
  }

  function tell(transfer: SimTransfer): void {
    const said = transferOf(keys, transfer, now());
    notices.send(transfer.notifyUrl, 'MCHTRANSFER.BILL.FINISHED', 'mch_payment', said);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    account: { ...keys.account, hosts: [`http://127.0.0.1:${port}`] },
    ...{ world, transfers, people, notices },
    faults,
    struck,
    pay(codeUrl) {
      const paid = world.pay(codeUrl, now());
      if (typeof paid === 'string') return paid;
      notices.send(paid.notifyUrl, 'TRANSACTION.SUCCESS', 'transaction', transactionOf(keys, paid));
      return 'paid';
    },
    settleRefund(outRefundNo, status = 'SUCCESS') {
      const refund = world.settleRefund(outRefundNo, status);
      const { status: _status, ...said } = refundOf(refund, world.order(refund.outTradeNo).total);
      const notice = { mchid: keys.account.mchid, ...said, refund_status: status };
      notices.send(refund.notifyUrl, `REFUND.${status}`, 'refund', notice);
    },
    acceptTransfer(packageInfo) {
      const accepted = transfers.accept(packageInfo, now());
      if (accepted) tell(accepted);
      return accepted !== undefined;
    },
    failTransfer: (outBillNo, reason = 'ACCOUNT_FROZEN') => tell(transfers.fail(outBillNo, reason)),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
