import { statSync } from 'node:fs';
import type {
  AdminLot,
  AdminModels,
  AdminOrder,
  AdminOrderView,
  AdminPartner,
  AdminPartnerView,
  AdminUser,
  AdminUserView,
} from '@hili/contract/admin';
import { listModels } from '@hili/engine';
import { sql } from 'kysely';
import type { Auth } from './auth.ts';
import type { Config } from './config.ts';
import { type PageDeps, readPage, readRow } from './console-pages.ts';
import type { Db } from './database.ts';
import { grantKeyOf } from './order-payments.ts';
import { eventsOf } from './order-rows.ts';
import type { OrderDeps } from './orders.ts';
import { partnerByCode, secretsOf } from './partners.ts';
import { paidRebates } from './rebate-rows.ts';
import { refundsOf } from './refund-rows.ts';
import { priceOf } from './refunds.ts';
import { orderOf } from './sales-acts.ts';
import { countSessions } from './sign-ins.ts';
import { unspent } from './wallets.ts';

/** Orders and photos that the page of one user shows, and lots of one wallet. */
const MOST = { rows: 50, lots: 200 };
/** Days of a partner's usage. */
const USAGE_DAYS = 30;

const first = { q: '', limit: MOST.rows };
const iso = (at: Date) => at.toISOString();
const maybeIso = (at: Date | null) => at?.toISOString() ?? null;

/** The newest lots of a wallet, used-up and lapsed ones too. */
async function lotsOf(db: Db, walletId: string): Promise<AdminLot[]> {
  const { rows } = await sql<Omit<AdminLot, 'at' | 'expiresAt'> & { at: Date; expiresAt: Date | null }>`
    select id, created_at as at, source, package, granted, avail as available, held, batch, max_side, expires_at from lot
      where wallet_id = ${walletId} order by id desc limit ${MOST.lots}`.execute(db);
  return rows.map(({ at, expiresAt, ...lot }) => ({ ...lot, at: iso(at), expiresAt: maybeIso(expiresAt) }));
}

/** One user with all that the console shows of them; never a picture. @throws AppError DATA_NOT_FOUND */
export async function userView(deps: PageDeps & { readonly auth: Auth }, id: string): Promise<AdminUserView> {
  const { db, auth } = deps;
  const user = await readRow<AdminUser>(deps, 'users', id);
  const found = await db
    .selectFrom('user')
    .select(['authId', 'walletId', 'language'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const photos = await db
    .selectFrom('photo')
    .select(['id', 'name', 'format', 'width', 'height', 'bytes', 'createdAt', 'expiresAt', 'removedAt'])
    .where('userId', '=', id)
    .orderBy('createdAt', 'desc')
    .limit(MOST.rows)
    .execute();
  return {
    user,
    language: found.language,
    sessions: found.authId ? await countSessions(auth, found.authId) : 0,
    lots: await lotsOf(db, found.walletId),
    orders: (await readPage(deps, 'orders', { ...first, owner: id })).rows as AdminOrder[],
    photos: photos.map(({ createdAt, expiresAt, removedAt, ...photo }) => ({
      ...photo,
      createdAt: iso(createdAt),
      expiresAt: maybeIso(expiresAt),
      removedAt: maybeIso(removedAt),
    })),
  };
}

/** One partner with its usage by day, in the configured time zone. @throws AppError DATA_NOT_FOUND */
export async function partnerView(
  deps: PageDeps & { readonly config: Pick<Config, 'TIME_ZONE'> },
  code: string,
): Promise<AdminPartnerView> {
  const { db, clock, config } = deps;
  const { id, walletId } = await partnerByCode(db, code);
  const zone = config.TIME_ZONE;
  const today = sql`date_trunc('day', ${clock()}::timestamptz at time zone ${zone})`;
  const { rows } = await sql<{ at: Date; photos: number; done: number; failed: number }>`
    select d.local at time zone ${zone} as at, count(p.id)::int as photos, (count(*) filter (where j.state = 'done'))::int as done,
        (count(*) filter (where j.state = 'failed'))::int as failed
      from generate_series(${today} - ${USAGE_DAYS - 1} * interval '1 day', ${today}, interval '1 day') d (local)
        left join photo p on p.partner_id = ${id} and p.created_at >= d.local at time zone ${zone}
          and p.created_at < (d.local + interval '1 day') at time zone ${zone}
        left join lateral (select state from job where photo_id = p.id order by created_at desc limit 1) j on true
      group by d.local order by d.local`.execute(db);
  const secrets = await secretsOf(db, id, clock());
  return {
    partner: await readRow<AdminPartner>(deps, 'partners', id),
    secrets: secrets.map(({ createdAt, endsAt }) => ({ createdAt: iso(createdAt), endsAt: maybeIso(endsAt) })),
    lots: await lotsOf(db, walletId),
    usage: rows.map(({ at, ...counts }) => ({ at: iso(at), ...counts })),
  };
}

/** One order with everything that happened to it. @throws AppError DATA_NOT_FOUND */
export async function adminOrderView(deps: PageDeps & OrderDeps, id: string): Promise<AdminOrderView> {
  const { db, clock, providers } = deps;
  const order = await orderOf(deps, id);
  const [row, events, refunds, left, gone] = await Promise.all([
    readRow<AdminOrder>(deps, 'orders', id),
    eventsOf(db, id),
    refundsOf(db, [id]),
    unspent(db, [grantKeyOf(order)], clock()),
    paidRebates(db, [id]),
  ]);
  const photos = left.get(grantKeyOf(order)) ?? 0;
  const canRefund = order.state === 'paid' && providers.has(order.provider) && photos > 0;
  return {
    order: row,
    refundable: canRefund ? { photos, fen: priceOf(order, photos, gone.get(id) ?? 0) } : null,
    events: events.map(({ at, kind, actor, fen, currency, transactionId }) => ({
      ...{ kind, actor, fen, currency, transactionId },
      at: iso(at),
    })),
    refunds: refunds.map(({ outRefundNo: number, credits, fen, state, actor, createdAt, endedAt }) => ({
      ...{ number, photos: credits, fen, state, actor },
      at: iso(createdAt),
      endedAt: maybeIso(endedAt),
    })),
  };
}

/** The networks that restore photos here, with what their cards say. */
export function modelViews({ HILI_MODELS }: Pick<Config, 'HILI_MODELS'>): AdminModels {
  return listModels(HILI_MODELS ? [HILI_MODELS] : []).map(({ card, path }) => {
    const {
      id,
      task,
      sha256,
      parameters,
      licence,
      date,
      file: _file,
      input: _input,
      output: _output,
      ...figures
    } = card;
    return { task, id, sha256, bytes: statSync(path).size, parameters, licence, date, figures };
  });
}
