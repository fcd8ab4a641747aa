import type { Text } from './languages.ts';

/** `GET /api/v1/site`: who runs this installation and how to reach them. Null for what they have not set. */
export interface SiteView {
  readonly operator: string | null;
  readonly email: string | null;
  readonly wechat: string | null;
  readonly address: string | null;
  /** A picture of the operator's WeChat QR code. */
  readonly qrUrl: string | null;
  /** Whether payments are simulated here; pages say so on every one. */
  readonly demo: boolean;
  /** Words of the operator's for a banner on every page, in each language; empty where there are none, null where there are none at all. */
  readonly announcement: Text | null;
}
