import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { run } from './run.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome', 'microsoft-edge'];
const APPLICATIONS = ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first browser that starts. Ubuntu's `chromium-browser` may be a script that only asks for a snap, so each is tried. */
async function find(root) {
  const folders = process.env.PATH.split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const { chromium } = createRequire(join(root, 'package.json'))('playwright-core');
  for (const path of [process.env.HILI_BROWSER, ...paths, ...APPLICATIONS, chromium.executablePath()])
    if (path && executable(path) && (await run(path, ['--version'], { mayFail: true, quiet: true }))) return path;
  return undefined;
}

/** Debian itself: on Ubuntu the package is a snap, which containers cannot start. */
function isDebian() {
  return existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/**
 * Finds a Chromium for the tests or installs one: the system's, else Debian's (as root), else Playwright's own.
 * @returns its path, or '' when none is to be had: then the browser tests are skipped.
 */
export async function readyBrowser(root, env) {
  const found = await find(root);
  if (found) return found;
  if (process.getuid?.() === 0 && isDebian()) {
    const apt = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' }, mayFail: true };
    await run('apt-get', ['update', '-qq'], { ...apt, what: 'installing a browser for the tests (apt-get)' });
    await run('apt-get', ['install', '-qq', '--no-install-recommends', 'chromium'], apt);
    const installed = await find(root);
    if (installed) return installed;
  }
  await run('playwright-core', ['install', 'chromium'], {
    what: 'downloading a browser for the tests (Playwright)',
    cwd: root,
    env,
    mayFail: true,
    quiet: true,
  });
  const downloaded = await find(root);
  if (!downloaded)
    console.error(
      '\nhili: NO BROWSER: the browser tests will be SKIPPED. Install Chromium or Chrome, or name one in HILI_BROWSER.\n',
    );
  return downloaded ?? '';
}
