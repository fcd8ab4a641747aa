import { z } from 'zod';
import { Key, Reason } from './admin-acts.ts';
import { AdminOrder, AdminPartner, AdminUser } from './admin-tables.ts';
import { LOT_SOURCES } from './api.ts';
import { LANGUAGES } from './languages.ts';

/** A lot of credits. */
export const AdminLot = z.object({
  id: z.number().int(),
  at: z.string(),
  source: z.enum(LOT_SOURCES),
  package: z.string().nullable(),
  granted: z.number().int(),
  available: z.number().int(),
  held: z.number().int(),
  batch: z.boolean(),
  maxSide: z.number().int().nullable(),
  expiresAt: z.string().nullable(),
});
export type AdminLot = z.infer<typeof AdminLot>;

/** A photo without its picture. */
export const AdminPhoto = z.object({
  id: z.string(),
  name: z.string(),
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  removedAt: z.string().nullable(),
});

/**
 * `GET /users/:id`: one user with the newest 50 orders and photos. Ledger, jobs, orders and all else of theirs: the tables with `owner=:id`.
 * Acts, each with Reasoned and answering AdminUserView: `POST /users/:id/disable` (signs them out, and refuses every further sign-in),
 * `…/enable`, `…/sign-out` (ends every session). Operators do none of these to themselves (BAD_REQUEST).
 */
export const AdminUserView = z.object({
  user: AdminUser,
  language: z.enum(LANGUAGES),
  sessions: z.number().int(),
  lots: z.array(AdminLot),
  orders: z.array(AdminOrder),
  photos: z.array(AdminPhoto),
});
export type AdminUserView = z.infer<typeof AdminUserView>;

/** `POST /users/:id/grants` and `POST /partners/:code/grants` (money). `days` null is for ever. */
export const AdminGrant = z.object({
  key: Key,
  credits: z.number().int().min(1).max(1_000_000),
  days: z.number().int().min(1).max(36_500).nullable().default(365),
  reason: Reason,
});

/** `POST /lots/:id/revoke` (money): takes back what is unused of one lot; what is held for jobs stays. */
export const AdminRevoke = z.object({ key: Key, reason: Reason });

/** Credits that this key moved, now or before. */
export const AdminMoved = z.object({ credits: z.number().int(), isNew: z.boolean() });
export type AdminMoved = z.infer<typeof AdminMoved>;

/** `POST /partners` (money) makes one: 201 with AdminSecret, the only time that the secret is shown. */
export const NewPartner = z.object({
  code: z.string().regex(/^[\w.-]{1,64}$/, 'expected 1 to 64 letters, digits, ".", "_" or "-"'),
  name: z.string().trim().min(1).max(100),
  reason: Reason,
});

/** `POST /partners/:code/rotate` (money): a new secret; the old one goes on for a while. Answers AdminSecret. */
export const PartnerRotation = z.object({ overlapSeconds: z.number().int().min(0).max(31_536_000), reason: Reason });

export const AdminSecret = z.object({ code: z.string(), secretKey: z.string() });
export type AdminSecret = z.infer<typeof AdminSecret>;

/** `PUT /partners/:code/addresses` (money): from where it may call, IP addresses or networks such as 192.0.2.0/24; none for anywhere. */
export const PartnerAddresses = z.object({
  addresses: z.array(z.string().trim().min(2).max(60)).max(100),
  reason: Reason,
});

/**
 * `GET /partners/:code`, also the answer of `PUT …/addresses` and of `POST …/disable` and `…/enable` (Reasoned; money).
 * `usage` has one entry a day for 30 days, the oldest first.
 */
export const AdminPartnerView = z.object({
  partner: AdminPartner,
  /** Of secrets that work now: when they were made, and when they stop. */
  secrets: z.array(z.object({ createdAt: z.string(), endsAt: z.string().nullable() })),
  lots: z.array(AdminLot),
  usage: z.array(z.object({ at: z.string(), photos: z.number(), done: z.number(), failed: z.number() })),
});
export type AdminPartnerView = z.infer<typeof AdminPartnerView>;
