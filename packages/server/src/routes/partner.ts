import {
  AppError,
  type DownloadData,
  ERRORS,
  type Language,
  type NumsData,
  PARTNER_STATUS,
  parseRecipe,
  parseRgb,
  pickLanguage,
  type StatusData,
  type UploadData,
} from '@hili/contract';
import { type FreshToken, readToken, tokenMatches } from '@hili/contract/token';
import { type Context, Hono } from 'hono';
import type { AppDeps, AppEnv } from '../deps.ts';
import { refuseWhenFull, takeIn, throughRestart } from '../intake.ts';
import { position } from '../jobs.ts';
import { photoPath } from '../links.ts';
import { isWithin } from '../networks.ts';
import { creditsOf, findPartner, type Partner } from '../partners.ts';
import { progressOf } from '../photo-view.ts';
import { findOwnPhoto, isGone } from '../photos.ts';
import { partnerSuccess } from '../problem.ts';
import type { Photo } from '../tables.ts';
import { discardForm, type Form, receiveForm } from '../uploads.ts';
import type { RunWish } from '../wishes.ts';

type Call = Context<AppEnv>;

/** Compared in place of a secret that is not there, so that unknown codes take as long as known ones. Never accepted. */
const DECOY = 'decoy-secret-of-the-usual-length';

const languageOf = (c: Call): Language => pickLanguage(c.req.header('accept-language'), 'zh');

/** The token of a request, judged before its body is read. @throws AppError TOKEN_INVALID */
function freshToken(c: Call, deps: AppDeps): FreshToken {
  const token = readToken(c.req.header('token'), Math.floor(deps.clock().getTime() / 1000));
  if (!token) throw new AppError('TOKEN_INVALID');
  return token;
}

/**
 * The partner who made a token, and who may call from this address. @throws AppError TOKEN_INVALID, whatever the reason and in the same
 * time: from elsewhere nobody learns whether a stolen secret is right.
 */
async function authenticate(
  deps: AppDeps,
  token: FreshToken,
  code: string | undefined,
  address: string,
): Promise<Partner> {
  const partner = await findPartner(deps.db, deps.keys, code ?? '', deps.clock());
  const secrets = [...(partner?.secrets ?? [])];
  while (secrets.length < 2) secrets.push(DECOY);
  const matches = tokenMatches(token, secrets);
  const mayCall = !partner || partner.addresses.length === 0 || isWithin(partner.addresses, address);
  if (!partner || !matches || !mayCall) throw new AppError('TOKEN_INVALID');
  return partner;
}

const codeIn = (form: Form) => (form.malformed.has('third_code') ? undefined : form.fields.get('third_code'));

/** A field's text. @throws AppError BAD_REQUEST when missing, empty, repeated or too long. */
function required(form: Form, field: string): string {
  const text = form.malformed.has(field) ? undefined : form.fields.get(field);
  if (!text) throw new AppError('BAD_REQUEST', { field });
  return text;
}

function readOrder(form: Form): RunWish {
  const repeated = ['repair_type', 'file', 'rgb'].find((field) => form.malformed.has(field));
  if (repeated) throw new AppError('BAD_REQUEST', { field: repeated });
  const recipe = parseRecipe(required(form, 'repair_type'));
  if (!recipe) throw new AppError('BAD_REQUEST', { field: 'repair_type' });
  if (recipe !== 'bg') return { recipe, options: { format: 'jpeg' } };
  const rgb = parseRgb(required(form, 'rgb'));
  if (!rgb) throw new AppError('BAD_REQUEST', { field: 'rgb' });
  return { recipe, options: { format: 'jpeg', rgb } };
}

/** The four calls of the partner wire, version 1, under `/api/third`. */
export function partnerRoutes(deps: AppDeps): Hono<AppEnv> {
  const { config, db, clock, storage, rateLimits } = deps;
  const routes = new Hono<AppEnv>();

  /** A call without a file: its form, and the partner who sent it. */
  async function receive(c: Call): Promise<{ form: Form; partner: Partner }> {
    const token = freshToken(c, deps);
    const form = await receiveForm(c.env, {});
    return { form, partner: await authenticate(deps, token, codeIn(form), c.var.address) };
  }

  async function photoOf(form: Form, partner: Partner): Promise<Photo> {
    const photo = await findOwnPhoto(db, { kind: 'partner', id: partner.id }, required(form, 'mdf'));
    if (!photo) throw new AppError('PHOTO_NOT_FOUND');
    if (isGone(photo, clock())) throw new AppError('PHOTO_EXPIRED');
    const { state, error } = photo.job;
    if (state === 'failed')
      throw new AppError(error && ERRORS[error].errno === ERRORS.PHOTO_DAMAGED.errno ? error : 'PHOTO_DAMAGED');
    return photo;
  }

  routes.use(async (c, next) => {
    await rateLimits.take('partner', c.var.address);
    await next();
  });

  routes.post('/photo/upload', async (c) => {
    const token = freshToken(c, deps);
    await refuseWhenFull(deps);
    const sender = (code: string | undefined) => throughRestart(() => authenticate(deps, token, code, c.var.address));
    const form = await receiveForm(c.env, {
      file: { path: storage.incoming(), maxBytes: config.MAX_UPLOAD_BYTES },
      beforeFile: async (fields) => {
        const code = fields.get('third_code');
        if (code !== undefined) await sender(code);
      },
    });
    try {
      const partner = await sender(codeIn(form));
      const order = readOrder(form);
      if (!form.file) throw new AppError('BAD_REQUEST', { field: 'file' });
      if ((await throughRestart(() => creditsOf(db, partner.walletId, clock()))) < 1) throw new AppError('NO_CREDITS');
      const { id, walletId } = partner;
      const { photo } = await takeIn(deps, form.file, { ...order, owner: { kind: 'partner', id, walletId } }, c.env);
      const path = photoPath(deps, photo, 'original', `${photo.id}_out.jpg`);
      return partnerSuccess<UploadData>({ img_url: `${deps.publicUrl}${path}`, mdf: photo.id });
    } finally {
      await discardForm(form);
    }
  });

  routes.post('/photo/status', async (c) => {
    const { form, partner } = await receive(c);
    const photo = await photoOf(form, partner);
    const { job } = photo;
    const { status, text } = job.state === 'done' ? PARTNER_STATUS.done : PARTNER_STATUS.processing;
    const place = job.state === 'queued' ? await position(db, job.id) : null;
    return partnerSuccess<StatusData>({
      msg: text[languageOf(c)],
      status,
      progress: progressOf(photo),
      ...(place !== null && { position: place }),
    });
  });

  routes.post('/photo/download', async (c) => {
    const { form, partner } = await receive(c);
    const photo = await photoOf(form, partner);
    if (photo.job.state !== 'done') throw new AppError('NOT_FINISHED');
    const path = photoPath(deps, photo, 'result', `${photo.id}.jpg`);
    return partnerSuccess<DownloadData>({ url: `${deps.publicUrl}${path}` });
  });

  routes.post('/company/nums', async (c) => {
    const { partner } = await receive(c);
    const nums = await creditsOf(db, partner.walletId, clock());
    return partnerSuccess<NumsData>({ code: partner.code, nums });
  });

  return routes;
}
