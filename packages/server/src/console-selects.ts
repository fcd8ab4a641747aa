import type { AdminTable } from '@hili/contract/admin';
import { type RawBuilder, sql } from 'kysely';
import { LATEST_PAYOUT } from './rebate-rows.ts';

/** What is asked of every table beside search and paging. */
export interface Selection {
  readonly now: Date;
  /** Only rows of this user, visitor or partner. */
  readonly owner: string | undefined;
}

/** A user's address, when it is proven; `a` is better-auth's user. */
const email = sql`case when a."emailVerified" then a.email end`;
const spendable = (wallet: RawBuilder<unknown>, now: Date) => sql`
  (select coalesce(sum(avail), 0)::int from lot where wallet_id = ${wallet} and (expires_at is null or expires_at > ${now})) as available,
  (select coalesce(sum(held), 0)::int from lot where wallet_id = ${wallet}) as held`;
/** Numbers as texts of one length, so that they are sorted as numbers. */
const padded = (column: string) => sql`lpad(${sql.ref(column)}::text, 19, '0')`;
const only = (owner: string | undefined, ...columns: string[]) =>
  owner === undefined
    ? sql``
    : sql`where ${sql.join(
        columns.map((column) => sql`${sql.ref(column)} = ${owner}::uuid`),
        sql` or `,
      )}`;

/**
 * What each of the console's tables reads. Beside the row, every one selects `f_sort`, by which rows of one moment are told apart, `f_text`,
 * in which words are looked for, and `f_state`. All of it is read-only, across the tables of several nouns; what writes them is with each noun.
 */
export const SELECTS: Readonly<Record<AdminTable, (selection: Selection) => RawBuilder<unknown>>> = {
  users: ({ now, owner }) => sql`
    select u.id, u.created_at as at, u.id::text as f_sort, s.state as f_state, concat_ws(' ', a.email, a.name, u.id) as f_text,
      ${email} as email, coalesce(a.name, '') as name, s.state, coalesce(a.role = 'admin', false) as is_operator, a."banReason" as reason,
      ${spendable(sql`u.wallet_id`, now)},
      (select count(*)::int from photo where user_id = u.id) as photos, u.seen_at
    from "user" u left join auth."user" a on a.id = u.auth_id
      cross join lateral (select case when u.deleted_at is not null then 'deleted' when a.banned then 'disabled' else 'active' end as state) s
    ${only(owner, 'u.id')}`,

  partners: ({ now, owner }) => sql`
    select p.id, p.created_at as at, p.id::text as f_sort, s.state as f_state, concat_ws(' ', p.code, p.name, p.id) as f_text,
      p.code, p.name, s.state, ${spendable(sql`p.wallet_id`, now)},
      (select count(*)::int from photo where partner_id = p.id) as photos, p.addresses
    from partner p cross join lateral (select case when p.disabled_at is null then 'active' else 'disabled' end as state) s
    ${only(owner, 'p.id')}`,

  orders: ({ owner }) => sql`
    select o.id, o.created_at as at, o.id::text as f_sort, o.state as f_state,
      concat_ws(' ', o.out_trade_no, o.provider, o.transaction_id, a.email, o.id) as f_text,
      o.out_trade_no as number, o.user_id, ${email} as email, o.package, o.credits as photos, o.fen, o.currency, o.provider, o.simulated,
      o.state, o.paid_at, o.transaction_id,
      (select coalesce(sum(r.fen), 0)::int from refund r where r.order_id = o.id and r.state = 'done') as refunded_fen,
      exists (select 1 from recon_issue i where i.out_trade_no = o.out_trade_no and i.resolved_at is null) as under_review
    from orders o join "user" u on u.id = o.user_id left join auth."user" a on a.id = u.auth_id
    ${only(owner, 'o.user_id')}`,

  issues: ({ owner }) => sql`
    select i.id::text as id, i.found_at as at, ${padded('i.id')} as f_sort, s.state as f_state,
      concat_ws(' ', i.kind, i.out_trade_no, i.note) as f_text,
      i.kind, i.provider, i.out_trade_no as number, o.id as order_id, i.detail, s.state, i.resolved_at, i.resolved_by, i.note
    from recon_issue i left join orders o on o.out_trade_no = i.out_trade_no
      cross join lateral (select case when i.resolved_at is null then 'open' else 'resolved' end as state) s
    ${only(owner, 'o.user_id')}`,

  transfers: ({ owner }) => sql`
    select f.id, f.created_at as at, f.id::text as f_sort, f.state as f_state,
      concat_ws(' ', f.bank_ref, o.out_trade_no, p.code, f.note, f.id) as f_text,
      f.bank_ref as reference, f.order_id, o.out_trade_no as order, p.code as partner, f.fen, f.currency, f.credits, f.days, f.note, f.state,
      f.created_by, f.approved_by, f.granted_at, f.reversed_by, f.reversed_at, f.reason
    from offline_payment f left join orders o on o.id = f.order_id left join partner p on p.id = f.partner_id
    ${only(owner, 'o.user_id', 'f.partner_id')}`,

  batches: ({ now, owner }) => sql`
    select b.id, b.created_at as at, b.id::text as f_sort, s.state as f_state,
      concat_ws(' ', b.note, b.package, b.created_by, b.id) as f_text,
      b.credits, b.days, b.package, b.batch, b.max_side, b.expires_at, b.note, b.created_by, s.state, n.vouchers, n.redeemed, n.revoked
    from voucher_batch b cross join lateral (
        select count(*)::int as vouchers, (count(*) filter (where v.state = 'redeemed'))::int as redeemed,
          (count(*) filter (where v.state = 'revoked'))::int as revoked from voucher v where v.batch_id = b.id) n
      cross join lateral (select case when n.redeemed + n.revoked < n.vouchers and (b.expires_at is null or b.expires_at > ${now})
        then 'open' else 'ended' end as state) s
    ${owner === undefined ? sql`` : sql`where exists (select 1 from voucher v where v.batch_id = b.id and v.user_id = ${owner}::uuid)`}`,

  fapiao: ({ owner }) => sql`
    select f.id, f.created_at as at, f.id::text as f_sort, f.state as f_state,
      concat_ws(' ', o.out_trade_no, f.title, f.tax_number, f.email, f.id) as f_text, f.order_id, o.out_trade_no as number,
      o.fen - (select coalesce(sum(r.fen), 0)::int from refund r where r.order_id = o.id and r.state <> 'failed') as fen,
      f.title, f.tax_number, f.email, o.simulated, f.state, f.note, f.ended_by, f.ended_at
    from fapiao f join orders o on o.id = f.order_id
    ${only(owner, 'o.user_id')}`,

  rebates: ({ owner }) => sql`
    select r.id, r.accrued_at as at, r.id::text as f_sort, r.state as f_state, concat_ws(' ', a.email, r.receipt, t.out_bill_no, r.id) as f_text,
      r.order_id, r.user_id, ${email} as email, r.package, r.fen, o.simulated, r.state, r.due_at, r.claimed_at, r.payee,
      (select count(distinct x.user_id)::int from rebate x where x.payee_hash = r.payee_hash and x.user_id <> r.user_id) as others,
      r.approved_by, r.receipt, r.reason, r.paid_at, r.method, t.state as payout_state, t.out_bill_no as payout_number,
      t.trouble as payout_trouble
    from rebate r ${LATEST_PAYOUT} join orders o on o.id = r.order_id join "user" u on u.id = r.user_id left join auth."user" a on a.id = u.auth_id
    ${only(owner, 'r.user_id')}`,

  invites: ({ owner }) => sql`
    select i.id, i.bound_at as at, i.id::text as f_sort, i.state as f_state, concat_ws(' ', a.email, b.email, i.id) as f_text,
      i.inviter_id, ${email} as inviter, i.invitee_id, case when b."emailVerified" then b.email end as invitee, i.state, i.suspicion,
      i.inviter_credits, i.invitee_credits, i.qualified_at, i.decided_by, i.rewarded_at, i.ended_at
    from invite i join "user" u on u.id = i.inviter_id left join auth."user" a on a.id = u.auth_id
      join "user" v on v.id = i.invitee_id left join auth."user" b on b.id = v.auth_id
    ${only(owner, 'i.inviter_id', 'i.invitee_id')}`,

  complaints: ({ now, owner }) => sql`
    select c.id, c.written_at as at, c.id::text as f_sort, c.state as f_state, concat_ws(' ', c.text, c.answer, a.email, c.id) as f_text,
      c.photo_id, ${email} as email, c.language, c.fault, c.text, j.recipe, j.options, c.state, c.answer, c.answered_at,
      c.may_look and p.removed_at is null and (p.expires_at is null or p.expires_at > ${now}) as can_look
    from complaint c join job j on j.id = c.job_id join photo p on p.id = c.photo_id
      left join "user" u on u.id = p.user_id left join auth."user" a on a.id = u.auth_id
    ${only(owner, 'p.user_id', 'p.visitor_id', 'p.partner_id')}`,

  jobs: ({ now, owner }) => sql`
    select j.id, j.created_at as at, j.id::text as f_sort, j.state as f_state,
      concat_ws(' ', j.id, j.photo_id, j.error, a.email, t.code, p.user_id, p.visitor_id) as f_text, j.photo_id,
      case when p.user_id is not null then 'user' when p.partner_id is not null then 'partner' else 'visitor' end as owner,
      coalesce(p.user_id, p.partner_id, p.visitor_id) as owner_id, coalesce(t.code, ${email}) as owner_name,
      j.recipe, j.state, j.error, j.attempt, j.free, j.rerun, p.width, p.height, j.progress, j.started_at, j.ended_at,
      j.state = 'failed' and p.removed_at is null and (p.expires_at is null or p.expires_at > ${now}) as can_retry
    from job j join photo p on p.id = j.photo_id left join partner t on t.id = p.partner_id
      left join "user" u on u.id = p.user_id left join auth."user" a on a.id = u.auth_id
    ${only(owner, 'p.user_id', 'p.visitor_id', 'p.partner_id')}`,

  ledger: ({ owner }) => sql`
    select p.id::text as id, t.at, ${padded('p.id')} as f_sort, t.kind as f_state, concat_ws(' ', t.idem_key, t.ref, t.actor) as f_text,
      t.kind, t.idem_key as key, t.ref, t.actor, l.wallet_id, l.id as lot_id, l.source, p.account, p.amount
    from posting p join txn t on t.id = p.txn_id join lot l on l.id = p.lot_id
    ${
      owner === undefined
        ? sql``
        : sql`where l.wallet_id in (select wallet_id from "user" where id = ${owner}::uuid
            union all select wallet_id from partner where id = ${owner}::uuid union all select wallet_id from visitor where id = ${owner}::uuid)`
    }`,

  audit: ({ owner }) => sql`
    select id::text as id, at, ${padded('id')} as f_sort, origin as f_state,
      concat_ws(' ', operator, act, subject, reason, address) as f_text, operator, origin, act, subject, before, after, reason, address
    from audit ${owner === undefined ? sql`` : sql`where subject = any(${[`user ${owner}`, `partner ${owner}`]})`}`,
};
