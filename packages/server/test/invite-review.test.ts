import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { deleteAccount } from '../src/account-deletion.ts';
import { ownCode } from '../src/invite-binding.ts';
import { inviteOf, listCases } from '../src/invite-rows.ts';
import { approveInvite, refuseInvite } from '../src/invites.ts';
import { capture } from '../src/wallets.ts';
import { type Member, openInvites, operator } from './invite-people.ts';
import { BOUGHT } from './paid-orders.ts';

const { services, db, clock, keys, join, buy, refund, left, stateOf, holdEach } = await openInvites();

it('lays an invite before an operator when both are at one network within a day, or at one device', async () => {
  const lee = await join({ address: '192.0.2.1' });
  const near = await join({ by: lee, address: '192.0.2.200' });
  const device = await join({ by: lee, ownDevice: true });
  const far = await join({ by: lee, address: '192.0.3.1' });
  const house = await join({ address: '2001:db8:0:1::/64' });
  const room = await join({ by: house, address: '2001:db8:0:1::/64' });
  clock.advance(86_401);
  const later = await join({ by: lee, address: '192.0.2.201' });
  const friends = [near, device, far, room, later];
  for (const friend of friends) await buy(friend);
  expect(await Promise.all(friends.map(stateOf))).toEqual(['review', 'review', 'rewarded', 'review', 'rewarded']);
  expect([await left(lee), await left(near)]).toEqual([6, BOUGHT]);
});

it('lays an invite before an operator when the friend pays as the inviter does, has been here before, or many join in a day', async () => {
  const lee = await join();
  await buy(lee, 'openid-1');
  const payer = await join({ by: lee });
  await buy(payer, 'openid-1');
  const other = await join({ by: lee });
  await buy(other, 'openid-2');
  await ownCode(db, keys, { id: other.id, email: 'x.y@gmail.com' }, clock());
  const known = await join({ by: lee, email: 'xy+1@gmail.com' });
  await buy(known);
  const crowd = [await join({ by: lee }), await join({ by: lee }), await join({ by: lee })];
  for (const friend of crowd) await buy(friend);
  const suspicion = async ({ id }: Member) => (await inviteOf(db, id))?.suspicion;
  expect(await Promise.all([payer, other, known, ...crowd].map(suspicion))).toEqual([
    ...['payer', null, 'email', null],
    ...[null, 'burst'],
  ]);
  expect(await left(lee)).toBe(BOUGHT + 3 * 3);
});

it('lays a customer before an operator who begins anew as a friend, whoever invites them, since they pay as before', async () => {
  const [lee, max] = [await join(), await join()];
  const kim = await join({ by: lee });
  await buy(kim, 'openid-7');
  await deleteAccount(services, kim.id, null);
  clock.advance(2 * 86_400);
  const again = await join({ by: max, email: kim.email });
  await buy(again, 'openid-7');
  await buy(again, 'openid-7');
  expect(await inviteOf(db, again.id)).toMatchObject({ state: 'review', suspicion: 'payer' });
  expect([await left(max), await left(again)]).toEqual([0, 2 * BOUGHT]);
});

it('looks at an inviter’s next friends once a reward was used and its order then refunded', async () => {
  const lee = await join();
  const [kim, max, ann] = [await join({ by: lee }), await join({ by: lee }), await join({ by: lee })];
  const unused = await buy(kim);
  await refund(unused.id);
  const used = await buy(max);
  expect(await stateOf(max), 'an order that was refunded unused is no reason').toBe('rewarded');
  const spent = randomUUID();
  await holdEach(max, [spent]);
  await capture(db, spent, 1, clock());
  await refund(used.id);
  await buy(ann);
  expect(await inviteOf(db, ann.id)).toMatchObject({ state: 'review', suspicion: 'refund' });
  expect([await left(lee), await left(ann)]).toEqual([0, BOUGHT]);
});

it('lets an operator approve or refuse what is in review, once, and nobody their own', async () => {
  const lee = await join();
  const [kim, max] = [await join({ by: lee, ownDevice: true }), await join({ by: lee, ownDevice: true })];
  for (const friend of [kim, max]) await buy(friend);
  const ids = (await listCases(db, 'review')).filter(({ inviterId }) => inviterId === lee.id);
  expect(ids).toMatchObject([{ inviter: lee.email }, { inviter: lee.email }]);
  const [first, second] = [(await inviteOf(db, kim.id))!.id, (await inviteOf(db, max.id))!.id];
  for (const userId of [lee.id, kim.id])
    await expect(approveInvite(db, first, { userId, name: 'own' }, clock())).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  const tries = await Promise.allSettled(Array.from({ length: 6 }, () => approveInvite(db, first, operator, clock())));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await refuseInvite(db, second, operator, clock());
  await expect(approveInvite(db, second, operator, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  await expect(approveInvite(db, randomUUID(), operator, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  await expect(approveInvite(db, 'x', operator, clock())).rejects.toMatchObject({ code: 'DATA_NOT_FOUND' });
  await buy(max);
  expect([await left(lee), await left(kim), await left(max)]).toEqual([3, BOUGHT + 2, 2 * BOUGHT]);
});

it('lets a friend whose order was refunded while in review qualify by another', async () => {
  const lee = await join();
  const kim = await join({ by: lee, ownDevice: true });
  await refund((await buy(kim)).id);
  expect(await stateOf(kim)).toBe('bound');
  await buy(kim);
  expect(await stateOf(kim)).toBe('review');
});
