import { type Kysely, sql } from 'kysely';

/**
 * Rebates that WeChat pays. A payout is one try to send the money of one rebate, with a number of its own that is stored before anybody is
 * asked. `payout_once` lets no second one begin while the first may still send money, or has. What is to be accepted in WeChat
 * (`package_info`) is there only while it waits.
 */
const PAYOUTS = sql`
create table payout (
  id uuid primary key default gen_random_uuid(),
  out_bill_no text not null unique check (out_bill_no ~ '^[0-9A-Za-z]{6,32}$'),
  rebate_id uuid not null references rebate (id),
  -- Above WeChat asks for the name of who is paid.
  fen int not null check (fen between 10 and 199999),
  appid text not null,
  state text not null default 'asked'
    check (state in ('asked', 'accepted', 'waiting', 'sending', 'closing', 'done', 'failed', 'lapsed')),
  bill_no text unique,
  package_info text,
  trouble text,
  asked_at timestamptz not null,
  ended_at timestamptz,
  next_check_at timestamptz,
  checks int not null default 0,
  check ((state in ('done', 'failed', 'lapsed')) = (ended_at is not null)),
  check ((ended_at is null) = (next_check_at is not null)),
  check (state <> 'done' or bill_no is not null),
  check (package_info is null or state = 'waiting')
);
create unique index payout_once on payout (rebate_id) where state not in ('failed', 'lapsed');
create index payout_rebate on payout (rebate_id, asked_at);
create index payout_due on payout (next_check_at) where ended_at is null;

create function refuse_other_payout() returns trigger language plpgsql as $$ begin
  if (old.out_bill_no, old.rebate_id, old.fen, old.appid, old.asked_at) is distinct from
      (new.out_bill_no, new.rebate_id, new.fen, new.appid, new.asked_at)
    or old.ended_at is not null and old.state <> new.state then
    raise exception 'a payout keeps its number, its money and its end' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payout_keeps before update on payout for each row execute function refuse_other_payout();
create trigger payout_stays before delete on payout for each row execute function refuse_change();
`;

/** How a rebate is to be paid is known from its claim on. */
const REBATES = sql`
alter table rebate drop constraint rebate_state_check, drop constraint rebate_method_check, drop constraint rebate_check,
  drop constraint rebate_check1, drop constraint rebate_check2;
update rebate set method = 'manual' where state in ('claimed', 'approved');
alter table rebate
  add constraint rebate_state_check
    check (state in ('accrued', 'eligible', 'claimed', 'approved', 'sent', 'rejected', 'paid', 'void')),
  add constraint rebate_method_check check (method in ('manual', 'transfer')),
  add constraint rebate_payee_check check ((payee is not null) = (state in ('claimed', 'approved', 'sent'))),
  add constraint rebate_claim_check check ((method is not null) = (state in ('claimed', 'approved', 'sent', 'paid'))),
  add constraint rebate_way_check check (state <> 'approved' or method = 'manual'),
  add constraint rebate_sent_check check (state <> 'sent' or method = 'transfer'),
  add constraint rebate_approval_check check (state not in ('approved', 'sent', 'paid') or approved_by is not null),
  add constraint rebate_receipt_check check ((state = 'paid') = (num_nonnulls(receipt, paid_by, paid_at) = 3));
alter table rebate_claim add column kind text not null default 'claim' check (kind in ('claim', 'accept'));
`;

/** Empty while each rebate that WeChat pays has its one payout, in the state that fits, and no other money has gone out. */
const BREAKS = sql`
create view payout_breaks as
  select 'rebate without its payout' as what, r.id::text as id from rebate r
    where r.state = 'sent' and not exists (select 1 from payout p where p.rebate_id = r.id and p.ended_at is null)
      or r.state = 'paid' and r.method = 'transfer' and not exists
        (select 1 from payout p where p.rebate_id = r.id and p.state = 'done' and p.bill_no = r.receipt)
  union all
  select 'payout of another rebate', p.out_bill_no from payout p join rebate r on r.id = p.rebate_id
    where p.fen <> r.fen or p.ended_at is null and r.state <> 'sent'
      or p.state = 'done' and (r.state <> 'paid' or r.method <> 'transfer')
  union all
  select 'rebate paid twice', rebate_id::text from payout where state = 'done' group by rebate_id having count(*) > 1;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [PAYOUTS, REBATES, BREAKS]) await part.execute(db);
}
