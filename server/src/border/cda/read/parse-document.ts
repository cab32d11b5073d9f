import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { BorderIssue } from '../../fact.ts';
import { issue, type RuleId } from '../rules.ts';
import { charsetOf, decoderOf } from './charset.ts';
import { pathOf, type XmlElement } from './element.ts';

export type Limits = {
  /** Bytes of the whole document. */
  bytes: number;
  /** Elements inside one another. */
  depth: number;
  elements: number;
  attributesPerElement: number;
  /** Characters of one attribute value or one run of text. */
  text: number;
};

/** A scanned report inside a document makes 20 MB; nothing of WS/T 500 is nested deeper than 30. */
export const defaultLimits: Limits = {
  bytes: 32_000_000,
  depth: 120,
  elements: 200_000,
  attributesPerElement: 64,
  text: 24_000_000,
};

export type Document = {
  root: XmlElement;
  /** As they came: what is stored and handed out again. */
  bytes: Buffer;
  charset: string;
  /** What is odd but can be read. */
  warnings: BorderIssue[];
};

const HL7 = 'urn:hl7-org:v3';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** Characters per step; after a refusal no further step is taken, so the work wasted on a hostile file is bounded. */
const STEP = 65_536;

/**
 * Reads bytes into a tree, or says why not (one issue, with the place). Never throws and never reads beyond `limits`.
 * A DOCTYPE is refused outright, whatever it holds: billion laughs and external entities need one.
 */
export function parseDocument(bytes: Buffer, limits: Limits = defaultLimits): Document | BorderIssue[] {
  const found = parseXml(bytes, limits);
  if (Array.isArray(found)) return found;
  if (found.root.name !== 'ClinicalDocument') return [issue('cda.not-a-document', '/')];
  const warnings = found.inNamespace ? [] : [issue('cda.namespace', '/ClinicalDocument')];
  return { root: found.root, bytes, charset: found.charset, warnings };
}

/** Any XML under the same limits and refusals; our own narratives are read back with it. */
export function parseXml(
  bytes: Buffer,
  limits: Limits = defaultLimits,
): { root: XmlElement; charset: string; inNamespace: boolean } | BorderIssue[] {
  if (bytes.length > limits.bytes) return [issue('cda.limit-exceeded', '/', 'bytes')];
  const found = charsetOf(bytes);
  if ('rule' in found) return [found];
  const builder = new TreeBuilder(limits);
  const decoder = decoderOf(found.charset);
  for (let from = found.skip; from < bytes.length && !builder.refusal; from += STEP) {
    const end = Math.min(from + STEP, bytes.length);
    let text: string;
    try {
      text = decoder.decode(bytes.subarray(from, end), { stream: end < bytes.length });
    } catch {
      return [issue('cda.charset', builder.place(), found.charset.toUpperCase())];
    }
    builder.write(text);
  }
  const root = builder.end();
  if (builder.refusal || !root) return [builder.refusal ?? issue('cda.not-a-document', '/')];
  return { root, charset: found.charset, inNamespace: builder.inNamespace };
}

/** Stops the parser in the middle of a step: its look-up of namespaces climbs all open elements, so 20,000 of them in one step take seconds. */
class BeyondLimit extends Error {}

class TreeBuilder {
  refusal: BorderIssue | undefined;
  inNamespace = false;
  readonly #limits: Limits;
  readonly #parser: SaxesParser<{ xmlns: true; additionalNamespaces: Record<string, string> }>;
  #root: XmlElement | undefined;
  #open: XmlElement | undefined;
  #depth = 0;
  #elements = 0;
  #seen = '';

  constructor(limits: Limits) {
    this.#limits = limits;
    // Chinese templates often leave out the declaration of xsi; the document can only mean this one.
    const parser = new SaxesParser({ xmlns: true, additionalNamespaces: { xsi: XSI } });
    parser.on('doctype', () => this.#refuse('cda.doctype-refused'));
    parser.on('error', (error) => this.#notWellFormed(error.message));
    parser.on('opentag', (tag) => this.#opened(tag as SaxesTagNS));
    parser.on('closetag', () => this.#closed());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    this.#parser = parser;
  }

  write(text: string): void {
    if (this.refusal) return;
    if (!this.#root) this.#seen += text;
    this.#guard(() => this.#parser.write(text));
  }

  end(): XmlElement | undefined {
    if (!this.refusal) this.#guard(() => this.#parser.close());
    return this.#root;
  }

  /** Where the parser stands: '/ClinicalDocument/component (12:5)'. */
  place(): string {
    return `${this.#open ? pathOf(this.#open) : '/'} (${this.#parser.line}:${this.#parser.column})`;
  }

  /** saxes throws nothing by contract; should it ever, the document is refused and the server goes on. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof BeyondLimit)) this.#refuse('cda.not-well-formed', 'parser');
    }
  }

  #refuse(rule: RuleId, detail = ''): void {
    this.refusal ??= issue(rule, this.place(), detail);
  }

  #notWellFormed(message: string): void {
    if (this.refusal) return;
    // "12:5: undefined entity: x." – only the parser's own words are repeated, never what stands in the document.
    const words = message
      .replace(/^[^:]*?\d+:\d+:\s*/, '')
      .split(/[:"'.]/)[0]!
      .trim();
    if (!this.#root && /<!DOCTYPE/i.test(this.#seen.replace(/<!--[\s\S]*?-->/g, '')))
      this.#refuse('cda.doctype-refused');
    else if (/entity/.test(words)) this.#refuse('cda.entity-refused');
    else this.#refuse('cda.not-well-formed', words);
  }

  #opened(tag: SaxesTagNS): void {
    if (this.refusal) return;
    this.#depth += 1;
    this.#elements += 1;
    const attributes = Object.entries(tag.attributes);
    if (this.#depth > this.#limits.depth) {
      this.#refuse('cda.limit-exceeded', 'depth');
      throw new BeyondLimit();
    }
    if (this.#elements > this.#limits.elements) {
      this.#refuse('cda.limit-exceeded', 'elements');
      throw new BeyondLimit();
    }
    if (attributes.length > this.#limits.attributesPerElement) {
      this.#refuse('cda.limit-exceeded', 'attributes');
      return;
    }
    if (attributes.some(([, { value }]) => value.length > this.#limits.text)) {
      this.#refuse('cda.limit-exceeded', 'text');
      return;
    }
    const parent = this.#open;
    const element: XmlElement = {
      name: tag.uri === HL7 || tag.uri === '' ? tag.local : tag.name,
      attributes: new Map(attributes.map(([name, { value }]) => [name, value])),
      content: [],
      children: [],
      parent,
      line: this.#parser.line,
      column: this.#parser.column,
    };
    if (parent) {
      parent.content.push(element);
      parent.children.push(element);
    } else {
      this.#root = element;
      this.#seen = '';
      this.inNamespace = tag.uri === HL7;
    }
    this.#open = element;
  }

  #closed(): void {
    if (this.refusal) return;
    this.#depth -= 1;
    this.#open = this.#open?.parent;
  }

  #text(text: string): void {
    if (this.refusal || !this.#open) return;
    if (text.length > this.#limits.text) {
      this.#refuse('cda.limit-exceeded', 'text');
      return;
    }
    if (text !== '') this.#open.content.push(text);
  }
}
