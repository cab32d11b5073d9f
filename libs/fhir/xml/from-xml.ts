// XML as a resource. What it says is checked by `validateResource` afterwards; here only what JSON could not even hold is refused.
import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { elementNamed, elementsAt, isPrimitiveType } from '../elements.ts';
import { isResourceType } from '../resource-types.ts';

type Json = Record<string, unknown>;
export type XmlOutcome =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly at: string; readonly zh: string; readonly en: string };

const FHIR = 'http://hl7.org/fhir';
const XHTML = 'http://www.w3.org/1999/xhtml';
const DEEPEST = 150;
const NUMBERS = new Set(['integer', 'unsignedInt', 'positiveInt', 'decimal', 'integer64']);
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

class Refused extends Error {
  readonly at: string;
  readonly zh: string;
  constructor(at: string, zh: string, en: string) {
    super(en);
    this.at = at;
    this.zh = zh;
  }
}

/** An open tag. `slot` takes a resource in place of an element; a primitive's `object` holds what stands beside its value. */
type Frame = {
  readonly at: string;
  readonly node: string;
  readonly object: Json;
  readonly slot: boolean;
  readonly finish: (() => void) | undefined;
};

/** A primitive in the form JSON has; a number keeps its digits (`JSON.rawJSON`, ECMAScript 2025 "JSON.parse source text access"). */
function primitiveOf(type: string, text: string): unknown {
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if (NUMBERS.has(type) && NUMBER.test(text))
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
  return text;
}

/** Sets a member, or appends to a list; a primitive and what is beside it stay in step. */
function place(
  holder: Json,
  key: string,
  repeats: boolean,
  value: unknown,
  beside: Json | undefined,
  at: string,
): void {
  if (!repeats) {
    if (Object.hasOwn(holder, key) || Object.hasOwn(holder, `_${key}`))
      throw new Refused(at, '该元素不可重复', 'The element does not repeat');
    if (value !== undefined) holder[key] = value;
    if (beside) holder[`_${key}`] = beside;
    return;
  }
  const values = (holder[key] ?? []) as unknown[];
  const others = holder[`_${key}`] as unknown[] | undefined;
  const before = Math.max(values.length, others?.length ?? 0);
  const padded = (list: unknown[]): unknown[] => [...list, ...Array(before - list.length).fill(null)];
  if (value !== undefined || Object.hasOwn(holder, key)) holder[key] = [...padded(values), value ?? null];
  if (beside || others) holder[`_${key}`] = [...padded(others ?? []), beside ?? null];
}

/** @param text at most as long as the caller takes; entities and DOCTYPE are refused, so nothing in it grows */
export function fromXml(text: string): XmlOutcome {
  const frames: Frame[] = [];
  let root: Json | undefined;
  let narrative: { start: number; depth: number } | undefined;
  const parser = new SaxesParser({ xmlns: true, position: true });
  const attributesOf = (tag: SaxesTagNS): Map<string, string> =>
    new Map(
      Object.values(tag.attributes as Record<string, SaxesAttributeNS>)
        .filter(({ prefix, name }) => prefix !== 'xmlns' && name !== 'xmlns' && prefix !== 'xsi')
        .map(({ local, value }) => [local, value]),
    );
  const openResource = (name: string, at: string, put: (resource: Json) => void): void => {
    if (!isResourceType(name))
      throw new Refused(
        at,
        `没有“${name.slice(0, 64)}”这种资源类型`,
        `There is no resource type "${name.slice(0, 64)}"`,
      );
    const object: Json = { resourceType: name };
    put(object);
    frames.push({ at, node: name, object, slot: false, finish: undefined });
  };
  const openElement = (tag: SaxesTagNS, parent: Frame): void => {
    const named = elementNamed(parent.node, tag.local);
    const at = `${parent.at}.${tag.local}`;
    if (!named)
      throw new Refused(at, `没有元素“${tag.local.slice(0, 64)}”`, `There is no element "${tag.local.slice(0, 64)}"`);
    const { element, type } = named;
    const repeats = element.max > 1;
    const given = attributesOf(tag);
    if (type === 'Resource') {
      frames.push({ at, node: '', object: parent.object, slot: true, finish: undefined });
      return;
    }
    const object: Json = {};
    const id = given.get('id');
    const isPrimitive = element.content === undefined && isPrimitiveType(type);
    const allowed = ['id', ...(isPrimitive ? ['value'] : []), ...(named.node === 'Extension' ? ['url'] : [])];
    const strange = [...given.keys()].find((name) => !allowed.includes(name));
    if (strange !== undefined)
      throw new Refused(at, `不应有属性“${strange}”`, `The attribute "${strange}" has no place here`);
    if (id !== undefined) object.id = id;
    if (isPrimitive) {
      const value = given.get('value');
      const done = (): void =>
        place(
          parent.object,
          tag.local,
          repeats,
          value === undefined ? undefined : primitiveOf(type, value),
          Object.keys(object).length > 0 ? object : undefined,
          at,
        );
      frames.push({ at, node: 'Element', object, slot: false, finish: done });
      return;
    }
    const url = given.get('url');
    if (url !== undefined) object.url = url;
    place(parent.object, tag.local, repeats, object, undefined, at);
    frames.push({ at, node: named.node, object, slot: false, finish: undefined });
  };
  parser.on('doctype', () => {
    throw new Refused('', '不接收 DOCTYPE', 'A DOCTYPE is not taken');
  });
  parser.on('error', (error) => {
    throw new Refused('', 'XML 格式有误', `The XML is not well-formed (${/^\d+:\d+/.exec(error.message)?.[0] ?? ''})`);
  });
  parser.on('text', (content) => {
    if (narrative === undefined && content.trim() !== '')
      throw new Refused(frames.at(-1)?.at ?? '', '元素之间不应有文字', 'There must be no text between elements');
  });
  parser.on('opentag', (tag) => {
    if (narrative !== undefined) {
      narrative.depth++;
      return;
    }
    if (frames.length > DEEPEST) throw new Refused('', '嵌套过深', `Nested deeper than ${DEEPEST} levels`);
    const parent = frames.at(-1);
    if (
      tag.uri === XHTML &&
      tag.local === 'div' &&
      parent &&
      elementsAt(parent.node).some(({ types }) => types[0] === 'xhtml')
    ) {
      narrative = { start: text.lastIndexOf('<', parser.position - 2), depth: 1 };
      return;
    }
    if (tag.uri !== FHIR)
      throw new Refused(
        parent?.at ?? '',
        '命名空间不是 http://hl7.org/fhir',
        'The namespace is not http://hl7.org/fhir',
      );
    if (!parent) openResource(tag.local, tag.local, (resource) => (root = resource));
    else if (parent.slot) {
      const [key, repeats] = parent.at.endsWith('.contained')
        ? ['contained', true]
        : [parent.at.slice(parent.at.lastIndexOf('.') + 1), false];
      openResource(tag.local, `${parent.at}`, (resource) =>
        place(parent.object, key as string, repeats as boolean, resource, undefined, parent.at),
      );
    } else openElement(tag, parent);
  });
  parser.on('closetag', () => {
    if (narrative !== undefined) {
      if (--narrative.depth > 0) return;
      const holder = frames.at(-1) as Frame;
      holder.object.div = text.slice(narrative.start, parser.position);
      narrative = undefined;
      return;
    }
    frames.pop()?.finish?.();
  });
  try {
    parser.write(text).close();
  } catch (error) {
    if (error instanceof Refused) return { ok: false, at: error.at, zh: error.zh, en: error.message };
    throw error;
  }
  return root
    ? { ok: true, json: JSON.stringify(root) }
    : { ok: false, at: '', zh: '没有内容', en: 'There is no content' };
}
