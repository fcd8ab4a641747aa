import { ERRORS } from './errors.ts';
import type { Text } from './languages.ts';

/** Where the partner's four calls lie; all are POST. */
export const PARTNER_API = '/api/third';

export const PARTNER_CALLS = {
  upload: `${PARTNER_API}/photo/upload`,
  status: `${PARTNER_API}/photo/status`,
  download: `${PARTNER_API}/photo/download`,
  nums: `${PARTNER_API}/company/nums`,
} as const;

/** `data.status` of the status call, with its words; the Chinese ones are those of the existing API, to the byte. */
export const PARTNER_STATUS = {
  processing: { status: 100, text: ERRORS.NOT_FINISHED.text },
  done: {
    status: 200,
    text: {
      zh: '图片处理完成',
      en: 'The picture is done.',
      ja: '画像の処理が完了しました。',
      es: 'La imagen está lista.',
      fr: 'L’image est prête.',
    },
  },
} as const satisfies Record<string, { status: number; text: Text }>;

/** What every call answers, with HTTP status 200. */
export type PartnerAnswer<Data> = { code: 200; data: Data } | { code: 9000; errno: number; msg: string };

export interface UploadData {
  /** Absolute, signed URL of the uploaded picture. */
  img_url: string;
  /** Identifies the photo from now on: 32 hex digits. */
  mdf: string;
}

export interface StatusData {
  msg: string;
  status: 100 | 200;
  /** 0 to 1 over the whole run. */
  progress: number;
  /** Jobs in front of this one; only while it waits. */
  position?: number;
}

export interface DownloadData {
  /** Absolute, signed URL of the result, a JPEG. */
  url: string;
}

export interface NumsData {
  /** The partner's own `third_code`. */
  code: string;
  /** Uploads that are left now. */
  nums: number;
}
