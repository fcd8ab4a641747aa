import { AppError } from '@hili/contract';
import {
  AdminGrant,
  type AdminMoved,
  type AdminPartnerView,
  AdminRevoke,
  type AdminSecret,
  type AdminUserView,
  NewPartner,
  PartnerAddresses,
  PartnerPayment,
  PartnerRotation,
  Reasoned,
  type TransferState,
} from '@hili/contract/admin';
import { Hono } from 'hono';
import { partnerView, userView } from '../../console-views.ts';
import type { AppDeps } from '../../deps.ts';
import { readShape } from '../../json-body.ts';
import { grantPartnerDays, limitPartner, makePartner, renewSecret, setPartnerDisabled } from '../../partner-acts.ts';
import { takePartnerPayment } from '../../sales-acts.ts';
import { grantCredits, revokeLot, setDisabled, signOutUser } from '../../user-acts.ts';
import { isUuid } from '../../uuid.ts';
import { type AdminCall, type AdminEnv, needFactor } from './operator.ts';

/** Users, partners and their credits, under `/api/v1/admin`. */
export function peopleRoutes(deps: AppDeps): Hono<AdminEnv> {
  const routes = new Hono<AdminEnv>();
  const money = needFactor(deps, 'money');

  const user = async (c: AdminCall) => c.json<AdminUserView>(await userView(deps, String(c.req.param('id'))));
  routes.get('/users/:id', user);
  for (const [path, isDisabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    routes.post(`/users/:id/${path}`, async (c) => {
      const { reason } = await readShape(c, Reasoned);
      await setDisabled(deps, c.var.operator, userId(c), isDisabled, reason);
      return user(c);
    });
  routes.post('/users/:id/sign-out', async (c) => {
    const { reason } = await readShape(c, Reasoned);
    await signOutUser(deps, c.var.operator, userId(c), reason);
    return user(c);
  });
  routes.post('/users/:id/grants', money, async (c) => {
    const wish = await readShape(c, AdminGrant);
    return c.json<AdminMoved>(await grantCredits(deps, c.var.operator, userId(c), wish));
  });
  routes.post('/lots/:id/revoke', money, async (c) => {
    const wish = await readShape(c, AdminRevoke);
    const id = c.req.param('id');
    if (!/^\d{1,15}$/.test(id)) throw new AppError('DATA_NOT_FOUND');
    return c.json<AdminMoved>(await revokeLot(deps, c.var.operator, Number(id), wish));
  });

  const partner = async (c: AdminCall) =>
    c.json<AdminPartnerView>(await partnerView(deps, String(c.req.param('code'))));
  routes.get('/partners/:code', partner);
  routes.post('/partners', money, async (c) => {
    const wish = await readShape(c, NewPartner);
    return c.json<AdminSecret>(await makePartner(deps, c.var.operator, wish), 201);
  });
  routes.post('/partners/:code/rotate', money, async (c) => {
    const wish = await readShape(c, PartnerRotation);
    return c.json<AdminSecret>(await renewSecret(deps, c.var.operator, c.req.param('code'), wish));
  });
  routes.post('/partners/:code/grants', money, async (c) => {
    const wish = await readShape(c, AdminGrant);
    return c.json<AdminMoved>(await grantPartnerDays(deps, c.var.operator, c.req.param('code'), wish));
  });
  routes.post('/partners/:code/payments', money, async (c) => {
    const { reference: bankRef, ...sale } = await readShape(c, PartnerPayment);
    const taken = await takePartnerPayment(deps, c.var.operator, c.req.param('code'), { ...sale, bankRef });
    return c.json<TransferState>(taken);
  });
  routes.put('/partners/:code/addresses', money, async (c) => {
    const wish = await readShape(c, PartnerAddresses);
    await limitPartner(deps, c.var.operator, c.req.param('code'), wish);
    return partner(c);
  });
  for (const [path, isDisabled] of [
    ['disable', true],
    ['enable', false],
  ] as const)
    routes.post(`/partners/:code/${path}`, money, async (c) => {
      const { reason } = await readShape(c, Reasoned);
      await setPartnerDisabled(deps, c.var.operator, c.req.param('code'), isDisabled, { reason });
      return partner(c);
    });

  return routes;
}

/** @throws AppError DATA_NOT_FOUND for what is no user's id. */
function userId(c: AdminCall): string {
  const id = String(c.req.param('id'));
  if (!isUuid(id)) throw new AppError('DATA_NOT_FOUND');
  return id;
}
