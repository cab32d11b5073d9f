import { itemsOf } from './mapping/result-items.ts';
import { at, children, ownText, type XmlElement } from './read/element.ts';
import type { Document } from './read/parse-document.ts';
import { type Section, type Statement, sectionsOf, statementsOf } from './read/statement.ts';
import { displayOf } from './systems.ts';

/** A section for a screen: the author's words as lines of text, and rows of cells (a table, or label and value). */
export type NarrativeSection = { title: string; text?: string; rows?: string[][] };
export type Narrative = { title: string; sections: NarrativeSection[] };

/**
 * What a person reads of a document, without any stylesheet: plain text only, so nothing of the sender can act in a browser.
 * A section without the author's text shows its entries as rows.
 */
export function narrative(document: Document): Narrative {
  const title = ownText(at(document.root, 'title')) || at(document.root, 'code')?.attributes.get('displayName') || '';
  const sections = sectionsOf(document.root).map((section): NarrativeSection => {
    const { lines, rows } = authoredText(at(section.element, 'text'));
    const table = lines.length + rows.length > 0 ? rows : entryRows(section);
    return {
      title: titleOf(section),
      ...(lines.length > 0 ? { text: lines.join('\n') } : {}),
      ...(table.length > 0 ? { rows: table } : {}),
    };
  });
  return { title, sections: sections.filter(({ text, rows }) => text !== undefined || rows !== undefined) };
}

/** Title as stated, else the Chinese name of the section's LOINC code, else its label. */
export function titleOf(section: Section): string {
  return section.title || displayOf('http://loinc.org', section.code) || section.label;
}

const BLOCKS = new Set(['paragraph', 'p', 'item', 'li', 'caption', 'div', 'list', 'ul', 'ol', 'text', 'tr']);

/** Lines and table rows of a narrative block (CDA R2 `text`, or the XHTML of FHIR). */
export function authoredText(text: XmlElement | undefined): { lines: string[]; rows: string[][] } {
  const lines: string[] = [];
  const rows: string[][] = [];
  let line = '';
  const flush = (): void => {
    const whole = line.replace(/[^\S\n]+/g, ' ').trim();
    if (whole !== '') lines.push(whole);
    line = '';
  };
  const walk = (element: XmlElement): void => {
    for (const part of element.content) {
      if (typeof part === 'string') {
        line += part;
      } else if (part.name === 'tr') {
        rows.push(part.children.filter(({ name }) => name === 'td' || name === 'th').map(flatText));
      } else if (part.name === 'br') {
        flush();
      } else {
        if (BLOCKS.has(part.name)) flush();
        walk(part);
        if (BLOCKS.has(part.name)) flush();
      }
    }
  };
  if (text) walk(text);
  flush();
  return { lines, rows };
}

function flatText(element: XmlElement): string {
  const parts = element.content.map((part) => (typeof part === 'string' ? part : ` ${flatText(part)} `));
  return parts.join('').replace(/\s+/g, ' ').trim();
}

function entryRows(section: Section): string[][] {
  const statements = statementsOf(section.element);
  const items = itemsOf(statements);
  const grouped = new Set<Statement>(items.flatMap(({ plain: _, ...slots }) => Object.values(slots)));
  const itemRows = items.map(({ item, name, quantity, unit, resultCode, resultText }) => [
    show(name) || shownName(item),
    show(quantity) || show(resultText),
    show(unit) || (at(quantity?.element, 'value')?.attributes.get('unit') ?? ''),
    show(resultCode),
  ]);
  const isGrouped = (one: Statement): boolean => grouped.has(one) || one.parts.some((part) => grouped.has(part));
  const others = statements.filter((one) => !isGrouped(one)).flatMap(rowsOf);
  return [...others, ...itemRows].filter((row) => row.some((cell, index) => index > 0 && cell !== ''));
}

function rowsOf(one: Statement): string[][] {
  const own = show(one);
  return [...(own === '' ? [] : [[one.label, own]]), ...one.parts.flatMap(rowsOf)];
}

/** A value as a person would read it: text, number with unit, or the name of a code. */
function show(one: Statement | undefined): string {
  const value = at(one?.element, 'value');
  if (!value) return one?.element.name === 'substanceAdministration' ? medicine(one.element) : '';
  const shown =
    value.attributes.get('value') ??
    (ownText(value) || value.attributes.get('displayName') || value.attributes.get('code') || '');
  const unit = value.attributes.get('unit');
  return unit && shown !== '' ? `${shown} ${unit}` : shown;
}

function shownName(one: Statement | undefined): string {
  const value = at(one?.element, 'value');
  return value?.attributes.get('displayName') || show(one);
}

function medicine(element: XmlElement): string {
  const name = ownText(at(element, 'consumable/manufacturedProduct/manufacturedLabeledDrug/name'));
  const dose = children(element, 'doseQuantity')[0];
  return [name, dose?.attributes.get('value') ?? '', dose?.attributes.get('unit') ?? '']
    .filter((part) => part !== '')
    .join(' ');
}
