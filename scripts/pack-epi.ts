import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const library = join(root, 'libs/epi');
// Node does not strip types below node_modules: what is published is JavaScript with declarations beside it.
const out = process.argv[2] ?? join(library, 'dist');
const doors = { '.': 'index', './parallel': 'parallel' };

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const built = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/typescript/bin/tsc'),
    ...[...Object.values(doors), 'worker'].map((name) => join(library, `${name}.ts`)),
    ...['--ignoreConfig', '--outDir', out, '--rootDir', library, '--declaration', '--rewriteRelativeImportExtensions'],
    ...['--module', 'nodenext', '--moduleResolution', 'nodenext', '--target', 'es2023', '--types', 'node'],
    ...['--strict', '--noUncheckedIndexedAccess', '--skipLibCheck'],
  ],
  { cwd: root, stdio: 'inherit' },
);
if (built.status !== 0) process.exit(built.status ?? 1);
const about = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as object;
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify(
    {
      ...about,
      engines: { node: '>=20' },
      sideEffects: false,
      exports: Object.fromEntries(
        Object.entries(doors).map(([door, name]) => [door, { types: `./${name}.d.ts`, default: `./${name}.js` }]),
      ),
    },
    null,
    2,
  )}\n`,
);
copyFileSync(join(library, 'README.md'), join(out, 'README.md'));
copyFileSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
console.log(`${out}: npm pack or npm publish from here`);
