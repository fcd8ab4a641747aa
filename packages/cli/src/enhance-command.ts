import { resolve } from 'node:path';
import { callerFolder, loadConfig } from '@hili/server/config';
import { Command } from 'commander';
import { barDisplay, jsonDisplay, lineDisplay } from './display.ts';
import { enhance } from './enhance.ts';
import { UsageError } from './failures.ts';
import { plan } from './plan.ts';
import { guestRestorer, localRestorer, partnerRestorer, type Restorer } from './restorer.ts';
import { type Wish, whole, wishOf, withWish } from './wish.ts';

interface Where {
  readonly remote?: string;
  readonly code?: string;
  readonly secret?: string;
  readonly processes?: number;
}

const EXAMPLES = `
Examples:
  hili enhance grandmother.jpg restored.jpg
  hili enhance grandmother.jpg restored.png --recipe sr,repair,colour --scale 4
  hili enhance portrait.jpg large.png --recipe sr --scale 4 --texture 0.5
  hili enhance dress.jpg green.jpg --recipe sr,repair,colour --colour-at 0.5,0.6,#3f7a4a
  hili enhance album/ restored/                       the same tree below restored/; run it again to go on
  hili enhance id.jpg blue.jpg --recipe bg --rgb 67,142,219
  hili enhance album/ restored/ --remote https://photos.example.com --code hiliad --secret …

OUT may be a file or a folder. Inputs are never written to. A photo that fails does not stop the others.
Exit code: 0 all went well, 1 some failed, 2 the command line is wrong, 130 stopped by Ctrl-C.`;

function restorerFor(where: Where, wish: Wish): Restorer {
  const config = loadConfig();
  const code = where.code ?? config.HILI_PARTNER_CODE;
  const secret = where.secret ?? config.HILI_PARTNER_SECRET;
  if (!where.remote) {
    if (where.code || where.secret)
      throw new UsageError('expected --remote with --code and --secret but received none');
    return localRestorer(config, where.processes);
  }
  if (!URL.canParse(where.remote)) throw new UsageError(`expected a URL for --remote but received ${where.remote}`);
  if (!code && !secret) return guestRestorer(where.remote, wish);
  if (!code || !secret)
    throw new UsageError(`expected both --code and --secret but received no ${code ? 'secret' : 'code'}`);
  return partnerRestorer(where.remote, code, secret, wish);
}

/** Milliseconds in which one Ctrl-C may arrive twice: from the terminal, and again from npm. */
const SAME_PRESS = 1000;

/** Aborted by the first Ctrl-C, or when the process is told to end; a second one ends it at once. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  let since = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stop.signal.aborted && Date.now() - since > SAME_PRESS) process.exit(130);
      since ||= Date.now();
      stop.abort();
    });
  return stop.signal;
}

/** `hili enhance IN OUT`. */
export function enhanceCommand(): Command {
  const command = new Command('enhance')
    .summary('restore a photo, or every photo of a folder')
    .description('Restores a photo, or every photo of a folder, on this machine. No server is needed.')
    .argument('<in>', 'a photo, or a folder of photos')
    .argument('<out>', 'where the result goes; for a folder, the same tree is made below it');
  return withWish(command)
    .option('--json', 'print one line of JSON a photo, and a last one with the totals')
    .option('--overwrite', 'in a folder, replace files that no run before has made')
    .option('--processes <number>', 'photos at once (default: one a core)', whole(1, 512))
    .option('--remote <url>', 'let a server do the work: as its guest, or as a partner with --code and --secret')
    .option('--code <code>', "the partner's third_code (or HILI_PARTNER_CODE)")
    .option(
      '--secret <key>',
      "the partner's secret_key (better in HILI_PARTNER_SECRET: others can read a command line)",
    )
    .addHelpText('after', EXAMPLES)
    .action(async (from: string, to: string, options: Record<string, unknown>) => {
      const asked = wishOf(options);
      if (asked.rgb && asked.recipe !== 'bg')
        throw new UsageError('expected --recipe bg with --rgb but received another recipe');
      if (asked.texture !== undefined && (asked.recipe === 'bg' || asked.scale === 1))
        throw new UsageError(
          `expected an enlargement for --texture but received --${asked.recipe === 'bg' ? 'recipe bg' : 'scale 1'}`,
        );
      if (asked.colours && asked.recipe !== 'sr,repair,colour')
        throw new UsageError('expected --recipe sr,repair,colour with --colour-at but received another recipe');
      const ends = /[\\/]$/.test(to) ? '/' : '';
      const found = await plan(resolve(callerFolder(), from), resolve(callerFolder(), to) + ends, asked.format);
      if (asked.colours && found.folder !== undefined)
        throw new UsageError('expected one photo with --colour-at but received a folder: places of one fit no other');
      const wish = { ...asked, ...(found.format && { format: found.format }) };
      const restorer = restorerFor(options as Where, wish);
      const count = found.tasks.length;
      const lines = process.stderr.isTTY && count > 0 ? barDisplay(count) : lineDisplay();
      const signal = stopSignal();
      const run = {
        wish,
        restorer,
        display: options.json ? jsonDisplay() : lines,
        overwrite: Boolean(options.overwrite),
        signal,
      };
      try {
        const { failed, stopped } = await enhance(found, run);
        if (found.others > 0 && !options.json)
          console.error(`files left alone, not photos by their names: ${found.others}`);
        process.exitCode = signal.aborted ? 130 : failed + stopped > 0 ? 1 : 0;
      } finally {
        await restorer.close();
      }
    });
}
