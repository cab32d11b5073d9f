// The door of every command, in plain JavaScript for whatever Node (20 or newer) is on the machine: it brings what is missing, then hands over to
// the Node that the project pins.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(root);
const [task, ...args] = process.argv.slice(2);
const windows = process.platform === 'win32';
const pinnedNode = join(root, 'node_modules/node/bin', windows ? 'node.exe' : 'node');

const hashOf = (text) => createHash('sha256').update(text).digest('hex');

function npm(...words) {
  // npm sets npm_execpath for the scripts it runs; started by hand, it is looked for on the PATH.
  const own = process.env.npm_execpath;
  const result = own
    ? spawnSync(process.execPath, [own, ...words], { stdio: 'inherit' })
    : spawnSync('npm', words, { stdio: 'inherit', shell: windows });
  if (result.status !== 0) {
    console.error(`npm ${words.join(' ')} ended with ${result.status ?? result.error}`);
    process.exit(1);
  }
}

/** Installs exactly what the lock file says, once for each lock file. */
function install() {
  const mark = join(root, 'node_modules/.hutong-installed');
  const wanted = hashOf(readFileSync('package-lock.json'));
  if (!existsSync(mark) || readFileSync(mark, 'utf8') !== wanted) {
    console.log('Installing packages · 正在安装依赖 …');
    npm('ci', '--no-audit', '--no-fund', '--loglevel=error');
    // A npm that does not run install scripts leaves the pinned Node out.
    if (!existsSync(pinnedNode)) npm('rebuild', 'node', '--ignore-scripts=false');
    writeFileSync(mark, wanted);
  }
}

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'dist' || entry.name === 'node_modules' ? [] : filesUnder(path);
    return [path];
  });
}

/** Builds each web application whose sources have changed since its last build. */
function buildWeb() {
  for (const [app, zh] of [
    ['console', '控制台'],
    ['resident', '居民端'],
  ]) {
    const folder = `web/${app}`;
    const mark = `${folder}/dist/.built-from`;
    const sources = [...filesUnder(folder), ...filesUnder('contract'), 'package-lock.json'].sort();
    const wanted = hashOf(sources.map((path) => `${path}:${hashOf(readFileSync(path))}`).join('\n'));
    if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) continue;
    console.log(`Building web/${app} · 正在构建${zh} …`);
    const result = spawnSync(pinnedNode, ['node_modules/vite/bin/vite.js', 'build', folder, '--logLevel', 'warn'], {
      stdio: 'inherit',
    });
    if (result.status !== 0) process.exit(result.status ?? 1);
    mkdirSync(dirname(mark), { recursive: true });
    writeFileSync(mark, wanted);
  }
}

/** Runs a program under the pinned Node and ends as it ends. Ctrl-C reaches the child through the terminal: this process only waits. */
function hand(program) {
  const child = spawn(pinnedNode, program, {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${dirname(pinnedNode)}${windows ? ';' : ':'}${process.env.PATH}` },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  return new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? (signal ? 1 : 0))));
}

const bin = (name) => {
  const folder = join(root, 'node_modules', name);
  const { bin: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof entry === 'string' ? entry : Object.values(entry)[0]);
};

/** Runs programs one after another; the first that fails ends the task. */
async function each(...programs) {
  for (const program of programs) {
    const code = await hand(program);
    if (code !== 0) return code;
  }
  return 0;
}

const tasks = {
  start: () => {
    buildWeb();
    // A wider nursery: messages live for milliseconds, and scavenging them was a fifth of the server's time. And an old generation that is
    // swept before it has doubled: a third less memory at the same speed.
    return hand(['--max-semi-space-size=32', '--heap-growing-percent=50', 'server/src/main.ts', ...args]);
  },
  test: () => {
    buildWeb();
    return hand([bin('vitest'), 'run', ...args]);
  },
  check: () =>
    each(
      [bin('typescript'), '-p', '.', '--noEmit'],
      [bin('@biomejs/biome'), 'check', '--error-on-warnings', '.'],
      [
        bin('vitest'),
        'run',
        'journeys/walls.test.ts',
        'web/console/src/app/dictionaries.test.ts',
        'web/resident/src/app/words.test.ts',
      ],
      [bin('knip')],
    ),
  city: () => hand(['city/main.ts', ...args]),
  load: () => hand(['server/src/border/files/load/main.ts', ...args]),
  bench: () => hand(['bench/main.ts', ...args]),
  'bench:fhir': () => hand(['bench/fhir/main.ts', ...args]),
  faults: () => hand(['journeys/faults/main.ts', ...args]),
  'audit:verify': () => hand(['server/src/core/audit/verify.ts', ...args]),
  'epi:score': () => each(['libs/epi/score.ts', ...args], ['server/src/services/surveillance/score/main.ts', ...args]),
  // `dedupe` and `link` are for files of one's own; without them the references are scored.
  'linkage:score': () =>
    hand([
      '--max-old-space-size=12288',
      /^(dedupe|link)$/.test(args[0] ?? '') ? 'libs/linkage/cli.ts' : 'bench/linkage/main.ts',
      ...args,
    ]),
  'web:build': () => {
    buildWeb();
    return 0;
  },
};

if (!Object.hasOwn(tasks, task ?? '')) {
  console.error(`Tasks: ${Object.keys(tasks).join(', ')}`);
  process.exit(2);
}
if (statSync('package-lock.json').isFile()) install();
process.exitCode = await tasks[task]();
