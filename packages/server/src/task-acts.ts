import { AppError, type RebateState } from '@hili/contract';
import type { AdminPictures } from '@hili/contract/admin';
import { type Actor, recordAct } from './audit.ts';
import { answerComplaint, findComplaint } from './complaints.ts';
import type { Config } from './config.ts';
import type { Tx } from './database.ts';
import { approveInvite, type Decider, refuseInvite } from './invites.ts';
import { jobsOf } from './job-rows.ts';
import { extensionOf, photoPath } from './links.ts';
import { findPhoto, isGone } from './photos.ts';
import { type ApprovalRules, approveRebate, payRebate, rejectRebate, returnRebate } from './rebates.ts';
import { resolveIssue } from './recon-issues.ts';
import type { Keys } from './secrets.ts';
import type { ActDeps } from './user-acts.ts';
import { isUuid } from './uuid.ts';

/** An operator who decides, and as whom the books know them. */
export type Judge = Actor & Decider;

/** Decides something and writes it down, both or neither. */
function decide<Decided>(
  { db, clock }: ActDeps,
  by: Actor,
  act: { readonly act: string; readonly subject: string; readonly reason?: string; readonly after?: object },
  work: (tx: Tx, now: Date) => Promise<Decided>,
): Promise<Decided> {
  return db.transaction().execute(async (tx) => {
    const now = clock();
    const decided = await work(tx, now);
    await recordAct(tx, by, act, now);
    return decided;
  });
}

/** @throws AppError of `approveInvite` and `refuseInvite` */
export const decideInvite = (deps: ActDeps, by: Judge, id: string, verdict: 'approve' | 'refuse'): Promise<void> =>
  decide(deps, by, { act: `invite.${verdict}`, subject: `invite ${id}` }, (tx, now) =>
    verdict === 'approve' ? approveInvite(tx, id, by, now) : refuseInvite(tx, id, by, now),
  );

/** What an operator decides about a rebate. */
export type RebateVerdict =
  | { readonly verdict: 'approve' }
  | { readonly verdict: 'reject' | 'return'; readonly reason: string }
  | { readonly verdict: 'paid'; readonly receipt: string };

/** @returns the state that the rebate is in then. @throws AppError of `approveRebate`, `rejectRebate`, `returnRebate` and `payRebate` */
export function decideRebate(
  deps: ActDeps & { readonly keys: Pick<Keys, 'seal'>; readonly config: ApprovalRules },
  by: Judge,
  id: string,
  said: RebateVerdict,
): Promise<RebateState> {
  const { verdict, ...more } = said;
  const after = 'receipt' in more ? { after: { receipt: more.receipt } } : {};
  const reason = 'reason' in more ? { reason: more.reason } : {};
  return decide(deps, by, { act: `rebate.${verdict}`, subject: `rebate ${id}`, ...after, ...reason }, (tx, now) => {
    if (said.verdict === 'approve') return approveRebate(tx, deps.keys, deps.config, id, by, now);
    if (said.verdict === 'paid') return payRebate(tx, id, said.receipt, by, now);
    return (said.verdict === 'reject' ? rejectRebate : returnRebate)(tx, id, said.reason, by);
  });
}

/** Ends a difference between a provider's books and ours. @throws AppError DATA_NOT_FOUND when it has ended, or is none. */
export const settleIssue = (deps: ActDeps, by: Actor, id: number, note: string): Promise<void> =>
  decide(deps, by, { act: 'issue.resolve', subject: `issue ${id}`, reason: note }, async (tx, now) => {
    if (!(await resolveIssue(tx, id, by.operator, note, now)))
      throw new AppError('DATA_NOT_FOUND', { detail: 'expected the id of an open difference but received another' });
  });

/** @throws AppError of `answerComplaint` */
export const replyToComplaint = (deps: ActDeps, by: Actor, id: string, text: string): Promise<void> =>
  decide(deps, by, { act: 'complaint.answer', subject: `complaint ${id}` }, async (tx, now) => {
    await answerComplaint(tx, id, text, now);
  });

/**
 * Lets an operator look at the pictures that a complaint is about, where their owner allows it, and writes it down first.
 * @throws AppError DATA_NOT_FOUND when the owner does not, or they are gone.
 */
export function lookAtComplaint(
  deps: ActDeps & { readonly keys: Keys; readonly config: Config },
  by: Actor,
  id: string,
): Promise<AdminPictures> {
  return deps.db.transaction().execute(async (tx) => {
    const now = deps.clock();
    const complaint = isUuid(id) ? await findComplaint(tx, id) : undefined;
    const photo = complaint?.mayLook ? await findPhoto(tx, complaint.photoId) : undefined;
    if (!complaint || !photo || isGone(photo, now))
      throw new AppError('DATA_NOT_FOUND', { detail: 'expected a complaint whose pictures may be looked at' });
    const job = (await jobsOf(tx, [photo.id])).find((each) => each.id === complaint.jobId);
    await recordAct(tx, by, { act: 'complaint.look', subject: `complaint ${id}`, after: { photo: photo.id } }, now);
    const path = (kind: 'original' | 'result', format: string) =>
      photoPath(deps, photo, kind, `${photo.id}.${extensionOf(format)}`, 'inline', complaint.jobId);
    return { before: path('original', photo.format), after: job?.result ? path('result', job.result.format) : null };
  });
}
