import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findBreaches, type SourceFile } from './walls/find-breaches.ts';

const root = join(import.meta.dirname, '..');

/** Tracked and new sources, as they lie in the working tree. */
function sources(): SourceFile[] {
  const list = execFileSync(
    'git',
    ['ls-files', '-co', '--exclude-standard', 'server', 'libs', 'contract', 'web', 'city'],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  ).split('\n');
  return list
    .filter((path) => /\.tsx?$/.test(path) && !/\.generated\.|\/dev\//.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

test('every import and every SQL text of the house keeps the walls', () => {
  const files = sources();
  expect(files.length).toBeGreaterThan(300);
  expect(findBreaches(files)).toEqual([]);
});

const at = (path: string, text: string): SourceFile => ({ path, text });

test.each([
  [
    'core importing the border',
    at('server/src/core/store/x.ts', `import { a } from '../../border/intake/index.ts';`),
    'data flows one way: kit < core < border, services < gateway < main',
  ],
  [
    'a service importing the gateway',
    at('server/src/services/record-index/x.ts', `import { a } from '../../gateway/index.ts';`),
    'data flows one way: kit < core < border, services < gateway < main',
  ],
  [
    'the border importing a service',
    at('server/src/border/intake/x.ts', `import { a } from '../../services/record-index/index.ts';`),
    'data flows one way: kit < core < border, services < gateway < main',
  ],
  [
    'a service importing a service',
    at('server/src/services/one/x.ts', `import { a } from '../two/index.ts';`),
    'a service never imports a service',
  ],
  [
    'an earlier room importing a later one',
    at('server/src/core/audit/x.ts', `import { a } from '../store/index.ts';`),
    'a room of the core imports only those before it',
  ],
  [
    'a translator importing intake',
    at('server/src/border/hl7v2/x.ts', `import { a } from '../intake/index.ts';`),
    'a room of the border imports only those before it',
  ],
  [
    'reaching past a door',
    at('server/src/services/one/x.ts', `import { a } from '../../core/store/read.ts';`),
    'from outside a room only its index.ts',
  ],
  [
    'another room’s table in a template',
    at('server/src/services/one/x.ts', `await db.query(\`select * from \${a} join store.resource r on true\`);`),
    'SQL names only its own schema',
  ],
  [
    'another room’s table in quotes',
    at('server/src/border/intake/x.ts', `await db.query('delete from audit.entry');`),
    'SQL names only its own schema',
  ],
  [
    'a decision with I/O',
    at('server/src/core/access/decide.ts', `import { readFileSync } from 'node:fs';`),
    'decide.ts and model.ts are pure',
  ],
  [
    'a library that reads files',
    at('libs/epi/ears.ts', `import { readFileSync } from 'node:fs';`),
    'a library does no I/O',
  ],
  [
    'a library that reaches into the server',
    at('libs/epi/ears.ts', `import { a } from '../../server/src/kit/hash.ts';`),
    'a library imports only itself and other libraries',
  ],
  [
    'the web importing the server',
    at('web/console/src/x.tsx', `import { a } from '../../../server/src/kit/hash.ts';`),
    'the web imports the contract only',
  ],
  [
    'the city importing the server',
    at('city/x.ts', `import { a } from '../server/src/kit/hash.ts';`),
    'city stands alone',
  ],
])('a planted breach is found: %s', (_what, planted, rule) => {
  expect(findBreaches([planted]).map((breach) => breach.rule)).toContain(rule);
});

test('a ring of imports is found', () => {
  const ring = [at('server/src/kit/a.ts', `import './b.ts';`), at('server/src/kit/b.ts', `import './a.ts';`)];
  expect(findBreaches(ring)).toMatchObject([{ rule: 'no cycles' }]);
});

test('what is allowed is not reported', () => {
  expect(
    findBreaches([
      at(
        'server/src/services/one/x.ts',
        `import { a } from '../../core/store/index.ts';\nimport { b } from '../../kit/hash.ts';\nawait db.query('select * from one.thing');\n// delete from audit.entry is only talked about here\nstore.read(audit.entry);`,
      ),
    ]),
  ).toEqual([]);
});
