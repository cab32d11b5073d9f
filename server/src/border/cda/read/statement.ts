import { all, at, children, ownText, type XmlElement } from './element.ts';
import type { Reading } from './reading.ts';

/** One clinical statement of a section: an observation with the data element it is about, or a group of them. */
export type Statement = {
  element: XmlElement;
  /** Data element code, 'DE04.30.015.00'; '' for a group. */
  code: string;
  /** OID of the code system of `code`; a plain CDA observation names its item here by LOINC or a local list. */
  system: string;
  label: string;
  parts: Statement[];
};

export type Section = { element: XmlElement; code: string; system: string; label: string; title: string };

/** Sections of the body, nested ones after their parent. Chinese templates put them with and without `structuredBody`. */
export function sectionsOf(root: XmlElement): Section[] {
  const top = [...all(root, 'component/structuredBody/component/section'), ...all(root, 'component/section')];
  return top.flatMap(withNested);
}

function withNested(element: XmlElement): Section[] {
  const attribute = (name: string): string => at(element, 'code')?.attributes.get(name)?.trim() ?? '';
  const own = { code: attribute('code'), system: attribute('codeSystem'), label: attribute('displayName') };
  const section = { element, ...own, title: ownText(at(element, 'title')) };
  return [section, ...all(element, 'component/section').flatMap(withNested)];
}

const STATEMENTS = ['act', 'observation', 'organizer', 'procedure', 'substanceAdministration'];

/**
 * The statements of a section in their order. Templates write a group as `organizer` or as `observation classCode="CLUSTER"`;
 * both come out with their components as `parts`, as do the entryRelationships of an observation.
 */
export function statementsOf(section: XmlElement): Statement[] {
  return children(section, 'entry').flatMap(inside);
}

function inside(holder: XmlElement): Statement[] {
  return holder.children.filter(({ name }) => STATEMENTS.includes(name)).map(statement);
}

function statement(element: XmlElement): Statement {
  const code = at(element, 'code');
  const qualifier = at(code, 'qualifier/name')?.attributes.get('displayName') ?? '';
  const parts = [...children(element, 'component'), ...children(element, 'entryRelationship')].flatMap(inside);
  return {
    element,
    code: code?.attributes.get('code')?.trim() ?? '',
    system: code?.attributes.get('codeSystem')?.trim() ?? '',
    label: `${code?.attributes.get('displayName') ?? ''}${qualifier === '' ? '' : ` ${qualifier}`}`,
    parts,
  };
}

/** First statement with this data element, in this one or below it. */
export function find(statements: readonly Statement[], code: string, label?: string): Statement | undefined {
  for (const one of statements) {
    if (one.code === code && (label === undefined || one.label.includes(label))) return one;
    const below = find(one.parts, code, label);
    if (below) return below;
  }
  return undefined;
}

export type Coded = { code: string; system: string; display: string };

/** `code`, `codeSystem` and `displayName` of an element, all taken. */
export function coded(reading: Reading, element: XmlElement | undefined): Coded {
  return {
    code: reading.attribute(element, 'code'),
    system: reading.attribute(element, 'codeSystem'),
    display: reading.attribute(element, 'displayName') || reading.text(at(element ?? undefined, 'originalText')),
  };
}

/** The value of a statement as text: ST, the number of REAL, PQ, INT, BL, or the code of a CD. Marks its data element as read. */
export function valueText(reading: Reading, one: Statement | undefined): string {
  if (!one) return '';
  markName(reading, one);
  const value = at(one.element, 'value');
  return reading.attribute(value, 'value') || reading.text(value) || reading.attribute(value, 'code');
}

/** Takes the label of a statement: which data element it is was understood. */
export function markName(reading: Reading, one: Statement): void {
  reading.take(at(one.element, 'code'));
}
