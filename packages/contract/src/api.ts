import { z } from 'zod';
import { ComplaintView } from './complaints.ts';
import { ERRORS, type ErrorCode } from './errors.ts';
import { RECIPE_NAMES } from './recipes.ts';
import { Crop, RunOptions } from './run-options.ts';

export const JOB_STATES = ['queued', 'running', 'done', 'failed'] as const;

/**
 * Why a step left a photo as it was: `toned`, the print's own tone is stronger than any colours that are known for it; `coloured`, it has
 * colours already. The field `recolour` asks for colours all the same.
 */
export const STEP_NOTES = ['toned', 'coloured'] as const;
export type StepNote = (typeof STEP_NOTES)[number];

/**
 * What a photo is looked at for after `bg`, as an ID photo. `one-face`: faces in it, which passes at 1. `level`: degrees clockwise by which
 * the line between the eyes is tilted. `frontal`: distances of the eyes by which the tip of the nose is beside the middle between them, to the
 * picture's right above 0. `resolution`: pixels between the eyes.
 */
export const ID_CHECKS = ['one-face', 'level', 'frontal', 'resolution'] as const;
export const IdCheck = z.object({ name: z.enum(ID_CHECKS), verdict: z.enum(['pass', 'warn']), value: z.number() });
export type IdCheck = z.infer<typeof IdCheck>;

const errorCodes = Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]];

/** What a run has made. Paths are signed, and relative to our address. */
export const ResultView = z.object({
  url: z.string(),
  downloadUrl: z.string(),
  /** The uploaded picture turned and cut like the result, a JPEG to compare with; null where the run did neither. */
  beforeUrl: z.string().nullable(),
  /** The result in small, a JPEG of 1600 px at most; null where it is no longer itself, and any browser shows it. */
  previewUrl: z.string().nullable(),
  /**
   * Of a result of 4000 px or more, its tiles (Deep Zoom): JPEGs at `<url>/<level>/<column>_<row>.jpg`. Level `levels - 1` is the whole
   * picture, each one before has half its size, rounded up. A tile is `size` px wide and high and `overlap` px more on each inner side.
   */
  tiles: z
    .object({ url: z.string(), size: z.number().int(), overlap: z.number().int(), levels: z.number().int() })
    .nullable(),
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  /** False when there was nothing to improve: such a run is not paid. */
  changed: z.boolean(),
  /** Milliseconds of the run and of each step. */
  ms: z.number(),
  /** `note` says why a step left the photo as it was, where it says so. */
  steps: z.array(
    z.object({ name: z.string(), ms: z.number(), model: z.string().nullable(), note: z.enum(STEP_NOTES).nullable() }),
  ),
  /** Where faces are in the result, the largest first; none after `bg`. The picture that it is compared with shows them at the same places. */
  faces: z.array(Crop).default([]),
  /** How it would do as an ID photo; none after other recipes than `bg`, and where nothing finds faces. The authority's rules count, not ours. */
  checks: z.array(IdCheck).default([]),
});
export type ResultView = z.infer<typeof ResultView>;

/** One run of a recipe on a photo, as the page sees it. */
export const JobView = z.object({
  id: z.string(),
  recipe: z.enum(RECIPE_NAMES),
  /** What was asked beside the recipe, for running it again with other settings. */
  options: RunOptions,
  state: z.enum(JOB_STATES),
  /** 0 to 1 over the whole run. */
  progress: z.number(),
  /** The step under way: decode, repair, colour, sr, bg or encode. */
  step: z.string().nullable(),
  /** Jobs in front of this one; null when it does not wait. */
  position: z.number().int().nullable(),
  /** Why it failed, a code of the error table. */
  error: z.enum(errorCodes).nullable(),
  result: ResultView.nullable(),
});
export type JobView = z.infer<typeof JobView>;

/** An uploaded picture with its newest job. Times are ISO 8601 in UTC. */
export const PhotoView = z.object({
  id: z.string(),
  name: z.string(),
  format: z.string(),
  width: z.number().int(),
  height: z.number().int(),
  bytes: z.number().int(),
  createdAt: z.string(),
  /** When both pictures are deleted; null while a job is under way. */
  expiresAt: z.string().nullable(),
  /** The uploaded picture itself. */
  originalUrl: z.string(),
  /** A JPEG of it, turned upright, that any browser shows; null until a worker has made it. */
  previewUrl: z.string().nullable(),
  /** Whether a mail will say that it is ready. */
  mailWhenReady: z.boolean(),
  /** Runs with other settings that cost nothing: 2 once it has been paid for, whether by a bought photo or a free one; 0 before. */
  rerunsLeft: z.number().int(),
  /** What its owner told the operator about it; null for nothing. */
  complaint: ComplaintView.nullable(),
  job: JobView,
  /** The newest result that there is: also while another run is under way, and after one that failed. */
  result: ResultView.nullable(),
});
export type PhotoView = z.infer<typeof PhotoView>;

/** A print on a scan, as fields of PhotoFields take it. */
export const PrintView = z.object({ crop: Crop, straighten: z.number() });
export type PrintView = z.infer<typeof PrintView>;

/**
 * `GET /api/v1/photos/:id/prints`: the prints that lie side by side on the uploaded picture, in reading order; none when it is one photo.
 * `POST /api/v1/photos/:id/copies` (JSON, as for `…/jobs`) makes a photo of its own from the same picture, such as one of the prints, and
 * answers PhotoView with 201; it is paid like any other.
 */
export const PrintViews = z.array(PrintView);

/** Where credits come from. */
export const LOT_SOURCES = ['purchase', 'partner', 'free', 'invite', 'goodwill', 'voucher'] as const;

/** Credits granted together. */
export const LotView = z.object({
  source: z.enum(LOT_SOURCES),
  /** Credits of it that can be spent now. */
  available: z.number().int(),
  /** The code of the package that was bought; null for credits of another kind. */
  package: z.string().nullable(),
  /** Whether its package lets several photos be under way at once. */
  batch: z.boolean(),
  /** Pixels of the longest side of a result that it pays for; null when only the engine sets a limit. */
  maxSide: z.number().int().nullable(),
  /** Null when they never lapse. */
  expiresAt: z.string().nullable(),
});
export type LotView = z.infer<typeof LotView>;

/** `GET /api/v1/me`: who is asking, and how many photos are left. */
export const MeView = z.object({
  kind: z.enum(['guest', 'user']),
  photosLeft: z.number().int(),
  /** When the free photos are renewed. */
  renewsAt: z.string().nullable(),
  freePerDay: z.number().int(),
  /** Pixels of the longer side of a result at most when a free photo pays for it. */
  freeMaxSide: z.number().int(),
  /** Whether several photos may be under way at once; else the next is refused with PHOTO_BUSY until the one under way has ended. */
  batch: z.boolean(),
  credits: z.object({
    available: z.number().int(),
    /** Set aside for photos under way. */
    held: z.number().int(),
    /** What can be spent, the earliest end first. */
    lots: z.array(LotView),
  }),
  /** Null for a guest, whose cookie is all there is. */
  account: z
    .object({
      /** Null for an account without one, as after signing in by WeChat. */
      email: z.string().nullable(),
      name: z.string(),
      isOperator: z.boolean(),
      mailWhenReady: z.boolean(),
    })
    .nullable(),
});
export type MeView = z.infer<typeof MeView>;

/** RFC 9457 problem details, as every failure of our own API is answered. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(errorCodes),
  detail: z.string().optional(),
  field: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;
