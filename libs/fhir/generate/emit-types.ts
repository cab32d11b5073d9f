// Writes the TypeScript types of all R4 resources and data types. Types only: they cost nothing at run time.
import { expand, type Terminology } from './codes.ts';
import { type Element, type Model, type Node, type TypeReference, variants } from './model.ts';

const NUMBERS = new Set(['decimal', 'integer', 'positiveInt', 'unsignedInt']);
/** A union of more codes than this reads worse than `string`. */
const MOST_CODES = 30;

export function typeName(path: string): string {
  return path
    .split('.')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function primitive(model: Model, terminology: Terminology, e: Element, type: string): string | undefined {
  if (!model.primitives.has(type)) return undefined;
  if (type === 'boolean') return 'boolean';
  if (NUMBERS.has(type)) return 'number';
  if (type === 'code' && e.binding?.strength === 'required') {
    const expansion = expand(terminology, e.binding.valueSet);
    const codes = [...new Set([...(expansion?.values() ?? [])].flatMap((s) => [...s]))];
    if (codes.length > 0 && codes.length <= MOST_CODES) return codes.map((c) => `'${c}'`).join(' | ');
  }
  return 'string';
}

function member(
  model: Model,
  terminology: Terminology,
  e: Element,
  json: string,
  type: TypeReference | undefined,
): string {
  const code = type?.code ?? '';
  const plain = e.content === undefined ? primitive(model, terminology, e, code) : undefined;
  const single =
    plain ??
    (e.content !== undefined
      ? typeName(e.content)
      : code === 'Reference' && type !== undefined && type.targets.length > 0
        ? `Reference<${type.targets.map((t) => `'${t}'`).join(' | ')}>`
        : code);
  const many = e.max > 1;
  const optional = e.min > 0 && !e.choice ? '' : '?';
  const whole = many
    ? single.includes('|') && !single.startsWith('Reference<')
      ? `(${single})[]`
      : `${single}[]`
    : single;
  const note = e.short === '' ? '' : `  /** ${e.short.replaceAll('*/', '* /').slice(0, 100)} */\n`;
  const shadow = plain === undefined ? '' : `\n  _${json}?: ${many ? '(Element | null)[]' : 'Element'};`;
  return `${note}  ${json}${optional}: ${whole};${shadow}`;
}

function node(model: Model, terminology: Terminology, n: Node): string {
  const lines = n.elements.flatMap((e) => variants(e).map((v) => member(model, terminology, e, v.json, v.type)));
  const name = typeName(n.path) + (n.path === 'Reference' ? '<_Target extends string = string>' : '');
  const resourceType = n.kind === 'resource' ? `  resourceType: '${n.path}';\n` : '';
  return `export type ${name} = {\n${resourceType}${lines.join('\n')}\n};`;
}

export function emitTypes(model: Model, terminology: Terminology): string {
  const nodes = [...model.nodes.values()].map((n) => node(model, terminology, n));
  const map = model.resourceTypes.map((t) => `  ${t}: ${t};`).join('\n');
  return [
    'export type Resource = ResourceMap[keyof ResourceMap];',
    `export type ResourceMap = {\n${map}\n};`,
    ...nodes,
    '',
  ].join('\n\n');
}
