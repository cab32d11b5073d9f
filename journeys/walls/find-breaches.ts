import { dirname, join, normalize } from 'node:path/posix';
import { literals } from './literals.ts';

export type SourceFile = { path: string; text: string };
export type Breach = { rule: string; path: string; what: string };

/** The core's rooms in their order: a room may import those before it. ARCHITECTURE.md shows the same list. */
export const coreOrder = ['vault', 'directory', 'terminology', 'audit', 'access', 'events', 'store', 'identity'];
/** The border's rooms in theirs: translators know nothing of each other (registration reads XML with the means of `cda`), `intake` calls them, `fhir` speaks through `intake`. */
const borderOrder = ['hl7v2', 'cda', 'registration', 'files', 'intake', 'fhir', 'erasure'];
const schemas = [...coreOrder, 'intake', 'fhir', 'erasure', 'record_index', 'surveillance', 'health_code', 'gateway'];
const levels = ['kit', 'core', 'border', 'services', 'gateway', 'main'];
/** What a library may use of Node: computing, never the world outside. */
const pureNode = /^node:(crypto|buffer|module|path|util|worker_threads)$/;
const tool =
  /\/(cli|bench|score|generate|oracle|fixtures|parallel|worker)(\/|\.ts$|-)|\.test\.tsx?$|\/fixture-[\w-]+\.ts$/;

type Place = { level: string; room: string };

/** Which level and room a server file belongs to: 'server/src/core/store/read.ts' is core, store. */
function placeOf(path: string): Place | null {
  const [, level, room = ''] = /^server\/src\/([^/]+)(?:\/([^/]+)\/)?/.exec(path) ?? [];
  if (!level) return null;
  if (level.endsWith('.ts')) return { level: 'main', room: '' };
  return { level, room: level === 'kit' || level === 'gateway' ? '' : (room ?? '') };
}

const importsOf = (text: string): string[] =>
  [
    ...text.matchAll(
      /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s+['"]([^'"]+)['"]|^\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3]) as string);

/** Type-only imports vanish when the code runs; a ring of them is no ring. */
const runningImports = (text: string): string[] =>
  importsOf(text.replaceAll(/^\s*(?:import|export) type\b[^;]*;/gm, ''));

const isSql = (text: string): boolean =>
  /\b(select|insert\s+into|update|delete\s+from|truncate|copy|alter\s+table|create\s+(table|index))\b/i.test(text) &&
  /\b(from|into|set|table|on|copy|truncate)\b/i.test(text);

/** Every import and every SQL text against the floor plan's rules. */
export function findBreaches(files: SourceFile[]): Breach[] {
  const breaches: Breach[] = [];
  const graph = new Map<string, string[]>();
  for (const { path, text } of files) {
    const isTest = /\.test\.tsx?$|\/test-[\w-]+\.ts$/.test(path);
    const report = (rule: string, what: string): void => void breaches.push({ rule, path, what });
    const local = runningImports(text)
      .filter((name) => name.startsWith('.'))
      .map((name) => normalize(join(dirname(path), name)));
    for (const name of importsOf(text)) {
      const target = name.startsWith('.') ? normalize(join(dirname(path), name)) : null;
      if (!isTest) checkImport(path, name, target, report);
    }
    graph.set(path, local);
    if (path.startsWith('server/src/') && !isTest) checkSql(path, text, report);
  }
  return [...breaches, ...findCycles(graph)];
}

function checkImport(
  path: string,
  name: string,
  target: string | null,
  report: (rule: string, what: string) => void,
): void {
  if (path.startsWith('libs/')) {
    const [, library] = path.split('/');
    if (target && !target.startsWith(`libs/${library}/`))
      report('a library imports only itself and other libraries', name);
    if (name.startsWith('node:') && !pureNode.test(name) && !tool.test(path)) report('a library does no I/O', name);
    if (/^(pg|fastify|undici)/.test(name)) report('a library does no I/O', name);
  } else if (path.startsWith('web/')) {
    if (target && !target.startsWith(path.split('/').slice(0, 2).join('/')))
      report('the web imports the contract only', name);
    if (name.startsWith('@hutong/') && !name.startsWith('@hutong/contract'))
      report('the web imports the contract only', name);
  } else if (path.startsWith('city/') || path.startsWith('contract/')) {
    const own = path.split('/')[0] as string;
    if (target && !target.startsWith(`${own}/`)) report(`${own} stands alone`, name);
  } else if (path.startsWith('server/src/')) checkServerImport(path, name, target, report);
}

function checkServerImport(
  path: string,
  name: string,
  target: string | null,
  report: (rule: string, what: string) => void,
): void {
  const from = placeOf(path) as Place;
  const file = path.split('/').at(-1) as string;
  if ((file === 'decide.ts' || file === 'model.ts') && from.level !== 'gateway') {
    const pure = target
      ? target.startsWith('server/src/kit/') || target.endsWith('/model.ts')
      : name.startsWith('@hutong/');
    if (!pure) report('decide.ts and model.ts are pure', name);
  }
  if (!target) return;
  if (!target.startsWith('server/src/')) {
    report('the server imports its own rooms, the libraries and the contract', name);
    return;
  }
  const to = placeOf(target) as Place;
  const same = to.level === from.level && to.room === from.room;
  if (same) return;
  const [low, high] = [levels.indexOf(to.level), levels.indexOf(from.level)];
  const shared = target === 'server/src/border/fact.ts' || target === 'server/src/border/key-text.ts';
  if (
    low > high ||
    (to.level === 'services' && from.level === 'border') ||
    (to.level === 'border' && from.level === 'services')
  )
    report('data flows one way: kit < core < border, services < gateway < main', name);
  else if (to.level === 'core' && from.level === 'core' && coreOrder.indexOf(to.room) > coreOrder.indexOf(from.room))
    report('a room of the core imports only those before it', name);
  else if (
    to.level === 'border' &&
    from.level === 'border' &&
    !shared &&
    borderOrder.indexOf(to.room) > borderOrder.indexOf(from.room)
  )
    report('a room of the border imports only those before it', name);
  else if (to.level === 'services' && from.level === 'services') report('a service never imports a service', name);
  if (to.level !== 'kit' && !shared && !target.endsWith('/index.ts'))
    report('from outside a room only its index.ts', name);
  if (to.level === 'core' && to.room === 'events' && from.level === 'core' && from.room === 'store')
    report('storage never starts work', name);
}

function checkSql(path: string, text: string, report: (rule: string, what: string) => void): void {
  const { level, room } = placeOf(path) as Place;
  const own = level === 'gateway' ? 'gateway' : room.replaceAll('-', '_');
  for (const literal of literals(text)) {
    if (!isSql(literal)) continue;
    for (const [, schema, table] of literal.matchAll(new RegExp(`\\b(${schemas.join('|')})\\.([a-z_]+)`, 'g')))
      if (schema !== own) report('SQL names only its own schema', `${schema}.${table}`);
  }
}

function findCycles(graph: Map<string, string[]>): Breach[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: Breach[] = [];
  const visit = (path: string, trail: string[]): void => {
    state.set(path, 'open');
    for (const next of graph.get(path) ?? []) {
      if (state.get(next) === 'open')
        found.push({ rule: 'no cycles', path, what: [...trail.slice(trail.indexOf(next)), next].join(' -> ') });
      else if (!state.has(next) && graph.has(next)) visit(next, [...trail, next]);
    }
    state.set(path, 'done');
  };
  for (const path of graph.keys()) if (!state.has(path)) visit(path, [path]);
  return found;
}
