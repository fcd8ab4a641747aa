import { writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { explain } from './failures.ts';
import { modelsHere } from './model-command.ts';

interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly found: string;
}

/** Bytes of free disk under which new photos are at risk. */
const LEAST_DISK = 2e9;
/** Milliseconds after their time for which pictures may still be there. */
const OVERDUE_MS = 3_600_000;
/** Megabytes of one inference process at its peak: 24 megapixels out take under 700. */
const PROCESS_MB = 700;

async function models(): Promise<string> {
  return modelsHere()
    .map(({ card }) => `${card.task}: ${card.id}`)
    .join(', ');
}

/** Writes, reads and removes a file as the server does. */
async function storage({ HILI_DATA }: Config): Promise<string> {
  const { newKey, openDiskStorage } = await import('@hili/server');
  const store = await openDiskStorage(join(HILI_DATA, 'photos'));
  const [key, part] = [newKey('jpg'), store.incoming()];
  await writeFile(part, 'hili doctor');
  await store.put(key, part);
  const size = await store.size(key);
  await store.remove(key);
  if (size !== 11) throw new Error(`expected 11 bytes back but received ${size}`);
  return `${HILI_DATA} takes and gives files`;
}

/** Looks where the photos lie, and where a database of our own does, which may be another disk. */
async function disk({ HILI_DATA, DATABASE_URL }: Config): Promise<string> {
  const { findPostgresFolder, freeBytes } = await import('@hili/server');
  const folders = [HILI_DATA, ...(DATABASE_URL ? [] : [await findPostgresFolder(HILI_DATA)])];
  const found = await Promise.all(folders.map(async (folder) => ({ folder, free: await freeBytes(folder) })));
  const words = found.map(({ folder, free }) => `${(free / 1e9).toFixed(1)} GB free for ${folder}`).join(', ');
  if (found.some(({ free }) => free < LEAST_DISK))
    throw new Error(`expected ${LEAST_DISK / 1e9} GB of free disk but received ${words}`);
  return words;
}

async function memory({ INFERENCE_PROCESSES }: Config): Promise<string> {
  const [has, wants] = [totalmem() / 1e6, INFERENCE_PROCESSES * PROCESS_MB];
  const words = `${Math.round(has)} MB for ${INFERENCE_PROCESSES} inference processes of up to ${PROCESS_MB} MB`;
  if (has < wants) throw new Error(`expected ${wants} MB of memory but received ${words}; lower INFERENCE_PROCESSES`);
  return words;
}

/** Pictures are gone soon after their hour; those that are not cannot be deleted, or no server runs. */
async function photos(config: Config): Promise<string> {
  const { countOverdue, withDatabase } = await import('@hili/server');
  const overdue = await withDatabase(config, (db) => countOverdue(db, new Date(Date.now() - OVERDUE_MS)));
  if (overdue > 0)
    throw new Error(
      `expected no pictures an hour after they should have gone but received those of ${overdue} photo${overdue === 1 ? '' : 's'}: the log says which cannot be removed, if a server runs`,
    );
  return 'no pictures are kept longer than they should be';
}

/** Brings the database up, its tables up to date, and does the books; photos that nobody has paid for do not belong where payments are real. */
async function money(config: Config): Promise<string> {
  const { brokenInvariants, countSimulated, withDatabase } = await import('@hili/server');
  const started = performance.now();
  const [broken, simulated] = await withDatabase(config, async (db) => [
    await brokenInvariants(db),
    config.DEMO_PAYMENTS ? 0 : await countSimulated(db, new Date()),
  ]);
  if (broken.length > 0) throw new Error(`expected sound books but received: ${broken.join('; ')}`);
  if (simulated > 0)
    throw new Error(
      `expected no photos of simulated orders where payments are real but received ${simulated} that can be spent: take them back in the console`,
    );
  return `answers, tables up to date, no invariant of the ledger broken (${Math.round(performance.now() - started)} ms)`;
}

/** Hours for which a difference may wait for the operator, who is told of it by the log at once. */
const ISSUE_HOURS = 24;

/** Looks for differences between providers and the books that wait for the operator. */
async function differences(config: Config): Promise<string> {
  const { openIssues, withDatabase } = await import('@hili/server');
  const issues = await withDatabase(config, (db) => openIssues(db));
  const old = issues.filter(({ foundAt }) => Date.now() - foundAt.getTime() > ISSUE_HOURS * 3_600_000);
  if (old.length > 0)
    throw new Error(
      `expected no difference in payments that waits for more than ${ISSUE_HOURS} hours but received ${old.length}: hili list issues --state open shows them, hili issues resolve ends them`,
    );
  return issues.length > 0
    ? `${issues.length} in payments to look into: hili list issues --state open`
    : 'none in payments';
}

const CHECKS: Readonly<Record<string, (config: Config) => Promise<string>>> = {
  models,
  storage,
  disk,
  memory,
  photos,
  differences,
  database: money,
};

async function look(config: Config, check: string): Promise<Finding> {
  try {
    return { check, ok: true, found: (await CHECKS[check]?.(config)) ?? '' };
  } catch (error) {
    return { check, ok: false, found: explain(error).message };
  }
}

/** `hili doctor`. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .summary('check that everything a server needs is sound')
    .description(
      'Checks models (sha256), storage, disk space, memory, pictures that should be gone, differences in payments, database and the invariants of the ledger. Exit code 1 when something is wrong.',
    )
    .option('--json', 'print one line of JSON a check')
    .action(async ({ json }: { json?: boolean }) => {
      const config = loadConfig();
      for (const check of Object.keys(CHECKS)) {
        const finding = await look(config, check);
        console.log(
          json ? JSON.stringify(finding) : `${finding.ok ? 'ok   ' : 'WRONG'} ${check.padEnd(11)} ${finding.found}`,
        );
        if (!finding.ok) process.exitCode = 1;
      }
    });
}
