// A resource as XML (http://hl7.org/fhir/R4/xml.html).
import { type ElementInfo, elementsAt, isPrimitiveType } from '../elements.ts';

type Json = Record<string, unknown>;

/** A number as it was written: 1.50 says more than 1.5 (http://hl7.org/fhir/R4/datatypes.html#decimal). */
class Written {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};
const escaped = (text: string): string => text.replace(/[&<>"\n\r\t]/g, (one) => escapes[one] ?? one);
const textOf = (value: unknown): string => escaped(value instanceof Written ? value.source : String(value));
const asObject = (x: unknown): Json | undefined =>
  typeof x === 'object' && x !== null && !Array.isArray(x) && !(x instanceof Written) ? (x as Json) : undefined;
const listOf = (x: unknown): unknown[] => (x === undefined ? [] : Array.isArray(x) ? x : [x]);

/** @param text a valid resource as JSON text. Numbers keep their digits, elements come in the order of their definition. */
export function toXml(text: string): string {
  const resource = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? new Written(context.source) : value,
  ) as Json;
  return `<?xml version="1.0" encoding="UTF-8"?>${resourceXml(resource, ' xmlns="http://hl7.org/fhir"')}`;
}

function resourceXml(resource: Json, namespace = ''): string {
  const type = String(resource.resourceType);
  return `<${type}${namespace}>${children(resource, type, true)}</${type}>`;
}

function children(holder: Json, node: string, isResource: boolean): string {
  let out = '';
  for (const element of elementsAt(node)) {
    // Ids of elements and addresses of extensions are attributes of their tag.
    if ((!isResource && element.name === 'id') || (node === 'Extension' && element.name === 'url')) continue;
    for (const [key, type] of namesOf(element)) out += members(holder, key, type, element.content);
  }
  return out;
}

const namesOf = ({ name, choice, types }: ElementInfo): [string, string][] =>
  choice
    ? types.map((type) => [name + type.charAt(0).toUpperCase() + type.slice(1), type])
    : [[name, types[0] ?? 'BackboneElement']];

function members(holder: Json, key: string, type: string, content: string | undefined): string {
  const values = listOf(holder[key]);
  if (type === 'xhtml') return values.map(String).join('');
  if (content === undefined && isPrimitiveType(type)) {
    const beside = listOf(holder[`_${key}`]);
    let out = '';
    for (let at = 0; at < Math.max(values.length, beside.length); at++)
      out += primitive(key, values[at], asObject(beside[at]));
    return out;
  }
  return values
    .map((value) => {
      const object = asObject(value);
      if (!object) return '';
      if (type === 'Resource') return `<${key}>${resourceXml(object)}</${key}>`;
      const node = content ?? type;
      const inner = children(object, node, false);
      const attributes = attribute('id', object.id) + (node === 'Extension' ? attribute('url', object.url) : '');
      return inner === '' ? `<${key}${attributes}/>` : `<${key}${attributes}>${inner}</${key}>`;
    })
    .join('');
}

const attribute = (name: string, value: unknown): string => (value === undefined ? '' : ` ${name}="${textOf(value)}"`);

function primitive(key: string, value: unknown, beside: Json | undefined): string {
  const inner = beside ? children(beside, 'Element', false) : '';
  const attributes = attribute('id', beside?.id) + attribute('value', value ?? undefined);
  return inner === '' ? `<${key}${attributes}/>` : `<${key}${attributes}>${inner}</${key}>`;
}
