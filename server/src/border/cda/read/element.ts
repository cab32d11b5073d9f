/** One element as it was read. Names of the HL7 namespace stand without prefix; attributes keep theirs (`xsi:type`). */
export type XmlElement = {
  name: string;
  attributes: Map<string, string>;
  /** Texts and elements in their order. */
  content: (string | XmlElement)[];
  children: XmlElement[];
  parent: XmlElement | undefined;
  line: number;
  column: number;
};

export function children(element: XmlElement | undefined, name: string): XmlElement[] {
  return element ? element.children.filter((one) => one.name === name) : [];
}

/** First element down a path of names, `'assignedAuthor/assignedPerson/name'`: at each step the first that leads on. */
export function at(element: XmlElement | undefined, path: string): XmlElement | undefined {
  if (!path.includes('/')) return element?.children.find(({ name }) => name === path);
  return all(element, path)[0];
}

/** Every element down a path of names. */
export function all(element: XmlElement | undefined, path: string): XmlElement[] {
  let found = element ? [element] : [];
  for (const name of path.split('/')) found = found.flatMap((one) => children(one, name));
  return found;
}

/** The element's own text, trimmed; texts of children are not part of it. */
export function ownText(element: XmlElement | undefined): string {
  if (!element) return '';
  let text = '';
  for (const part of element.content) if (typeof part === 'string') text += part;
  return text.trim();
}

/** `/ClinicalDocument/recordTarget/patientRole/id[2]`; a position only where brothers have the same name. */
export function pathOf(element: XmlElement): string {
  const { parent, name } = element;
  if (!parent) return `/${name}`;
  const brothers = children(parent, name);
  return `${pathOf(parent)}/${name}${brothers.length > 1 ? `[${brothers.indexOf(element) + 1}]` : ''}`;
}

const CODE = /^[A-Za-z0-9.-]{1,24}$/;

const NAMED = new Set(['section', 'observation', 'procedure']);

/**
 * The same place in every document of a kind: positions left out, sections and statements named by their code. `known` keeps the
 * paths of parents, so that a hundred thousand brothers cost no more than one each.
 */
export function kindPathOf(element: XmlElement, known: Map<XmlElement, string>): string {
  const { parent, name } = element;
  let above = '';
  if (parent) {
    above = known.get(parent) ?? kindPathOf(parent, known);
    known.set(parent, above);
  }
  const code = NAMED.has(name) ? (at(element, 'code')?.attributes.get('code') ?? '') : '';
  return `${above}/${name}${CODE.test(code) ? `[${code}]` : ''}`;
}
