import type { Events } from './events.ts';
import type { Log } from './log.ts';
import { type DraftDeps, draft, LIFETIME } from './mail/drafts.ts';
import { type Mail, MailError } from './mail/mail.ts';
import { writeLetter } from './mail/write-letter.ts';
import { delayMail, endMail, forgetMails, type MailRow, takeMail } from './outbox.ts';

export interface PostDeps extends DraftDeps {
  readonly mail: Mail;
  readonly log: Log;
}

/** Seconds after which a mail counts as not sent when its process fell silent; longer than a mail server may take. */
const SILENT_SECONDS = 45;
/** Seconds until the second try; they double with each one, up to an hour: what an operator mends has to show. */
const RETRY_SECONDS = 5;
const LAST_RETRY_SECONDS = 3600;
/** Milliseconds between two looks at the outbox when nobody says that something is in it. */
const LOOK_MS = 10_000;

const after = (now: Date, seconds: number) => new Date(now.getTime() + seconds * 1000);

async function deliver(deps: PostDeps, row: MailRow): Promise<'sent' | 'dropped'> {
  if (after(row.createdAt, LIFETIME[row.kind]) <= deps.clock()) return 'dropped';
  const drafted = await draft(deps, row);
  if (!drafted) return 'dropped';
  await deps.mail.send({ to: drafted.to, id: row.id, ...writeLetter(drafted.name, row.language, drafted.values) });
  return 'sent';
}

/**
 * Sends every mail that is due. Any number of processes may do it at once. A process that dies between sending a mail and noting it
 * leaves it to be sent again, with the same Message-ID.
 * @returns how many were sent.
 */
export async function sendDueMails(deps: PostDeps): Promise<number> {
  const { db, clock, log } = deps;
  for (let sent = 0; ; ) {
    const row = await takeMail(db, clock(), after(clock(), SILENT_SECONDS));
    if (!row) return sent;
    try {
      const outcome = await deliver(deps, row);
      await endMail(db, row.id, outcome, clock());
      if (outcome === 'sent') sent += 1;
    } catch (error) {
      const { id, kind, attempts } = row;
      const fault = error instanceof MailError ? error.fault : 'now';
      const told = { id, kind, attempts, ...(error instanceof MailError ? { smtp: error.answer } : { error }) };
      if (fault === 'sender') log.error(told, 'the mail server refuses our mails');
      else log.warn(told, 'a mail did not go out');
      if (fault === 'mail') await endMail(db, id, 'dropped', clock());
      else await delayMail(db, id, after(clock(), Math.min(RETRY_SECONDS * 2 ** (attempts - 1), LAST_RETRY_SECONDS)));
    }
  }
}

/**
 * Sends mails from now on, as soon as they are posted.
 * @returns stops, once the mail under way is out.
 */
export function openPostOffice(deps: PostDeps, events: Events): () => Promise<void> {
  let stopped = false;
  let wake = Promise.withResolvers<void>();
  const unsubscribe = events.subscribe('mail', () => wake.resolve());
  const rounds = (async () => {
    while (!stopped) {
      wake = Promise.withResolvers<void>();
      try {
        await sendDueMails(deps);
        await forgetMails(deps.db, deps.clock());
      } catch (error) {
        deps.log.warn({ error }, 'mails could not be sent');
      }
      if (stopped) return;
      const timer = setTimeout(wake.resolve, LOOK_MS);
      await wake.promise;
      clearTimeout(timer);
    }
  })();
  return async () => {
    stopped = true;
    unsubscribe();
    wake.resolve();
    await rounds;
    await deps.mail.close();
  };
}
