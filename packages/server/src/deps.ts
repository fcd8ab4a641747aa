import type { HttpBindings } from '@hono/node-server';
import type { Auth } from './auth.ts';
import type { Config } from './config.ts';
import type { Events } from './events.ts';
import type { JobDeps } from './jobs.ts';
import type { Log } from './log.ts';
import type { Payouts } from './payments/payouts.ts';
import type { Provider } from './payments/provider.ts';
import type { Simulator } from './payments/simulator/simulator.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Readers } from './readers.ts';
import type { Keys } from './secrets.ts';

/** All that the routes work with; main.ts opens it, tests open their own. */
export interface AppDeps extends JobDeps {
  readonly config: Config;
  /** The address that others see, without a slash at its end. */
  readonly publicUrl: string;
  readonly keys: Keys;
  readonly auth: Auth;
  readonly events: Events;
  readonly readers: Readers;
  readonly rateLimits: RateLimits;
  /** Whether the disks have room for more photos. */
  readonly hasRoom: () => Promise<boolean>;
  /** The ways to pay that are open here, by name. */
  readonly providers: ReadonlyMap<string, Provider>;
  /** Where rebates are sent by WeChat; undefined where they are paid by hand. */
  readonly payouts?: Payouts | undefined;
  /** Where payments are simulated. */
  readonly simulator: Simulator | undefined;
  readonly log: Log;
  /** The folder of the built page. */
  readonly webFolder: string;
}

/** What Hono's context carries. `incoming` and `outgoing` are there whenever a real server listens. */
export interface AppEnv {
  Bindings: HttpBindings;
  Variables: { requestId: string; address: string; authHeaders?: Headers };
}
