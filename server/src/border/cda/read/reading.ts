import type { Unmapped } from '../../fact.ts';
import { kindPathOf, ownText, type XmlElement } from './element.ts';

/** How systems fill a field that they must send and do not have. */
const BLANKS = new Set(['', '-', '--', '—', '/', 'NA', 'N/A', 'null', 'NULL', 'none', 'NONE']);

/** Shape of the document, not content: never counted as left over. */
const STRUCTURE = new Set([
  ...[
    'classCode',
    'moodCode',
    'typeCode',
    'determinerCode',
    'contextControlCode',
    'contextConductionInd',
    'inversionInd',
    'negationInd',
  ],
  ...[
    'codeSystemName',
    'codeSystemVersion',
    'nullFlavor',
    'xsi:type',
    'xsi:schemaLocation',
    'ID',
    'styleCode',
    'mediaType',
    'use',
    'root',
  ],
]);

/** The name of a data element is the place of a value, not a value. */
const DATA_ELEMENTS = '2.16.156.10011.2.2.1';

/**
 * Reads a document and remembers what was read, so that the count of what has no place yet is true by construction: a value
 * counts as taken only when somebody asked for it. The document itself stays as it is.
 */
export class Reading {
  readonly #attributes = new Map<XmlElement, Set<string>>();
  readonly #texts = new Set<XmlElement>();
  readonly #whole = new Set<XmlElement>();
  readonly #paths = new Map<XmlElement, string>();

  /** '' when absent or a filler ('-', 'NA'). */
  attribute(element: XmlElement | undefined, name: string): string {
    if (!element) return '';
    const value = element.attributes.get(name)?.trim() ?? '';
    const known = this.#attributes.get(element);
    if (known) known.add(name);
    else this.#attributes.set(element, new Set([name]));
    return BLANKS.has(value) ? '' : value;
  }

  text(element: XmlElement | undefined): string {
    if (!element) return '';
    this.#texts.add(element);
    const text = ownText(element);
    return BLANKS.has(text) ? '' : text;
  }

  /** Marks an element and everything in it as taken. */
  take(element: XmlElement | undefined): void {
    if (element) this.#whole.add(element);
  }

  /** What holds content and nobody read, by its place in the kind of document. */
  unread(root: XmlElement): Unmapped[] {
    const counts = new Map<string, number>();
    const note = (path: string): void => {
      counts.set(path, (counts.get(path) ?? 0) + 1);
    };
    const open = [root];
    for (let element = open.pop(); element; element = open.pop()) {
      if (this.#whole.has(element)) continue;
      if (element.name !== 'code' || element.attributes.get('codeSystem') !== DATA_ELEMENTS) this.#note(element, note);
      for (let i = element.children.length - 1; i >= 0; i--) open.push(element.children[i]!);
    }
    return [...counts].map(([path, count]) => ({ path, count }));
  }

  /** An element of which nothing was read counts once; of one that was read in part, what is left over. */
  #note(element: XmlElement, note: (path: string) => void): void {
    // Anything but the usual state is worth a count.
    if (element.name === 'statusCode' && element.attributes.get('code') === 'completed') return;
    const read = this.#attributes.get(element);
    const left = [...element.attributes].filter(
      ([name, value]) => !isStructure(name) && !read?.has(name) && !BLANKS.has(value.trim()),
    );
    const textLeft = !this.#texts.has(element) && !BLANKS.has(ownText(element));
    if (left.length === 0 && !textLeft) return;
    const path = kindPathOf(element, this.#paths);
    const untouched = read === undefined && !this.#texts.has(element);
    if (untouched || textLeft) note(path);
    if (!untouched) for (const [name] of left) note(`${path}/@${name}`);
  }
}

const isStructure = (name: string): boolean => STRUCTURE.has(name) || name.startsWith('xmlns');
