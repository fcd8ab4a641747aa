import { afterEach, beforeEach, expect } from 'vitest';
import { brokenInvariants } from '../../src/wallets.ts';
import { testFaults } from './faults-suite.ts';
import { testPayments } from './payments-suite.ts';
import { testRefunds } from './refunds-suite.ts';
import { type OpenFake, openTill, type Till } from './till.ts';

/** What every provider with notices keeps to, whoever it is: the same tests for each, against a fake with real signatures. */
export async function testProvider(openFake: OpenFake): Promise<Till> {
  const till = await openTill(openFake);
  const { db, fake } = till;

  beforeEach(() => {
    fake.clear();
    fake.refundsWill('done');
  });
  afterEach(async () => expect(await brokenInvariants(db)).toEqual([]));

  testPayments(till);
  testRefunds(till);
  testFaults(till);
  return till;
}
