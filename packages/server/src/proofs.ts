import { AppError, type Challenge, type Proof } from '@hili/contract';
import { createChallenge, randomInt, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Db } from './database.ts';
import type { Keys } from './secrets.ts';

/** Rounds of one try, and how many tries the solution takes: together 0.5 to 1.5 million rounds of PBKDF2. */
const ROUNDS = 5000;
const TRIES = { least: 100, most: 300 };
/** Seconds within which a challenge has to be solved and used. */
const CHALLENGE_SECONDS = 600;

const secrets = ({ proofs }: Pick<Keys, 'proofs'>) => ({
  hmacSignatureSecret: proofs.toString('base64url'),
  hmacKeySignatureSecret: `key ${proofs.toString('base64url')}`,
});

/**
 * Sets work for the caller's machine (altcha's proof of work, version 2): of about a second for it, and of one try for us. Nothing of it is
 * kept; the challenge is signed.
 */
export async function makeChallenge(keys: Pick<Keys, 'proofs'>, now: Date): Promise<Challenge> {
  const { parameters, signature = '' } = await createChallenge({
    algorithm: 'PBKDF2/SHA-256',
    cost: ROUNDS,
    counter: randomInt(TRIES.most, TRIES.least),
    deriveKey,
    expiresAt: new Date(now.getTime() + CHALLENGE_SECONDS * 1000),
    ...secrets(keys),
  });
  return { parameters, signature };
}

/** Takes a solution, once. @throws AppError PROOF_INVALID when it is wrong, late, or was used before. */
export async function spendProof(
  db: Db,
  keys: Pick<Keys, 'proofs'>,
  { challenge, solution }: Proof,
  now: Date,
): Promise<void> {
  const { parameters, signature } = challenge;
  const { verified } = await verifySolution({ challenge, solution, deriveKey, ...secrets(keys) });
  // The clock that set the end decides it too.
  const expiresAt = new Date((parameters.expiresAt ?? 0) * 1000);
  if (!verified || expiresAt <= now) throw new AppError('PROOF_INVALID');
  await db.deleteFrom('spentProof').where('expiresAt', '<', now).execute();
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('spentProof')
    .values({ signature, expiresAt })
    .onConflict((conflict) => conflict.column('signature').doNothing())
    .executeTakeFirst();
  if (Number(numInsertedOrUpdatedRows) === 0) throw new AppError('PROOF_INVALID');
}
