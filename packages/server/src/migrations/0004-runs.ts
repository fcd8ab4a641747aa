import { type Kysely, sql } from 'kysely';

/** What a lot's package allows: several photos at once, and how large a result may be. */
const LOTS = sql`
alter table lot add column package text, add column batch boolean not null default false, add column max_side int check (max_side > 0);

-- As before, and with what the package allows.
drop function grant_lot(uuid, int, text, text, timestamptz, text, text, timestamptz);
create function grant_lot(w uuid, n int, src text, r text, pack text, many boolean, side int, expiry timestamptz, key text, who text, now_ timestamptz)
returns ledger_answer language plpgsql as $$
declare t record; l bigint; begin
  perform 1 from wallet where id = w and merged_into is null for update;
  if not found then return (false, false, null, 'no_wallet')::ledger_answer; end if;
  -- Not the expiry: one that is counted from now differs when the same grant is asked for again. What is absent adds nothing.
  t := open_txn(w, 'grant', key, concat_ws('|', w, n, src, r, 'package ' || pack, case when many then 'batch' end, 'side ' || side), r, who, now_);
  if t.replay then return (true, true, t.id, null)::ledger_answer; end if;
  insert into lot (wallet_id, source, ref, package, batch, max_side, granted, avail, expires_at, created_at)
    values (w, src, r, pack, many, side, n, n, expiry, now_) returning id into l;
  insert into posting (txn_id, lot_id, account, amount) values (t.id, l, 'sys:issued', -n), (t.id, l, 'avail', n);
  return (true, false, t.id, null)::ledger_answer;
end $$;
`;

/**
 * A photo that was paid for is run again at no cost twice. Such a job, `rerun`, has no hold; when it changes nothing in the end, the photo
 * has the rerun back. `max_side` is the longest side that the credit of a job allows its result.
 */
const RERUNS = sql`
alter table photo add column reruns_left int check (reruns_left between 0 and 2);
alter table job add column rerun boolean not null default false, add column max_side int;

create or replace view job_breaks as
  select 'job without open hold' as what, j.id::text as id from job j left join hold h on h.job_id = j.id
    where j.state in ('queued', 'running') and not j.rerun and h.state is distinct from 'open'
  union all
  select 'open hold without job', h.id::text from hold h left join job j on j.id = h.job_id
    where h.state = 'open' and (j.id is null or j.state in ('done', 'failed'))
  union all
  select 'failed and charged', j.id::text from job j join hold h on h.job_id = j.id where j.state = 'failed' and h.state <> 'released'
  union all
  select 'rerun with hold', j.id::text from job j join hold h on h.job_id = j.id where j.rerun
  union all
  select 'reruns', p.id from photo p left join job j on j.photo_id = p.id and j.rerun
    group by p.id having coalesce(2 - p.reruns_left, 0) <> count(j.id)
      filter (where j.state in ('queued', 'running') or (j.state = 'done' and (j.report ->> 'changed')::boolean))
  union all
  select 'expiry', p.id from photo p where p.removed_at is null
    and (p.expires_at is null) <> exists (select 1 from job j where j.photo_id = p.id and j.state in ('queued', 'running'));
`;

/** Further pictures of a run: its input as it was turned and cut, and the tiles of a large result. */
const PICTURES = sql`
alter table job add column before_key text unique, add column tiles_key text unique;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const part of [LOTS, RERUNS, PICTURES]) await part.execute(db);
}
