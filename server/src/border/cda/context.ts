import type { BorderIssue, Fact, PersonKey, Resource } from '../fact.ts';
import { compact } from './compact.ts';
import { personKeyText, referenceTo } from './keys.ts';
import type { Kind } from './kinds.ts';
import { at, pathOf, type XmlElement } from './read/element.ts';
import type { Document } from './read/parse-document.ts';
import { Reading } from './read/reading.ts';
import { type Section, type Statement, sectionsOf, statementsOf } from './read/statement.ts';
import { parseTime, type Time } from './read/time.ts';
import { issue, type RuleId } from './rules.ts';

export type TranslateOptions = {
  /** Code of the sending institution in the directory; its own code lists are named after it. */
  institution: string;
  /** ISO 8601; only to judge "in the future", and to order a document that states no time. */
  receivedAt: string;
};

/** Stamp of what a document says beside its subject (the visit in a laboratory report): fills gaps, never overrides. */
export const HEARSAY = '0001-01-01T00:00:00.000Z';
const DAY = 86_400_000;
/** Issues of one rule in one document. */
const MOST_ISSUES = 50;

/** One translation at work; lives as long as one document. */
export class Context {
  readonly document: Document;
  readonly root: XmlElement;
  readonly options: TranslateOptions;
  readonly kind: Kind;
  readonly reading = new Reading();
  readonly sections: readonly Section[];
  readonly facts: Fact[] = [];
  readonly issues: BorderIssue[] = [];
  /** What the facts of a section are, for `Composition.section.entry`. */
  readonly entries = new Map<Section, { reference: string }[]>();
  person: PersonKey = { authority: '', localId: '' };
  stamp: string;
  /** Business key of the document, the same for all its versions. */
  documentKey = '';
  /** Replaces an earlier version. */
  amended = false;
  /** Key of the visit, '' when the document names none. */
  visit = '';
  #statements = new Map<Section, Statement[]>();
  #reported = new Map<RuleId, number>();
  #keys = new Set<string>();

  constructor(document: Document, kind: Kind, options: TranslateOptions) {
    this.document = document;
    this.root = document.root;
    this.kind = kind;
    this.options = options;
    this.stamp = options.receivedAt;
    this.sections = sectionsOf(document.root);
  }

  report(rule: RuleId, element: XmlElement, detail = ''): void {
    // The hundredth wrong date of one document tells nobody more.
    const times = (this.#reported.get(rule) ?? 0) + 1;
    this.#reported.set(rule, times);
    if (times > MOST_ISSUES) return;
    this.issues.push(issue(rule, pathOf(element), detail));
  }

  /** `@value` of an element as a time, or undefined with a warning when it is none. */
  time(element: XmlElement | undefined): Time | undefined {
    const text = this.reading.attribute(element, 'value');
    if (!element || text === '') return undefined;
    const time = parseTime(text);
    if (!time) this.report('cda.bad-time', element);
    return time;
  }

  /** The instant orders versions; one more than a day ahead of the receipt would never be overtaken and is not taken. */
  usableStamp(time: Time, element: XmlElement): string | undefined {
    if (Date.parse(time.instant) <= Date.parse(this.options.receivedAt) + DAY) return time.instant;
    this.report('cda.time-in-future', element);
    return undefined;
  }

  /** Today in Asia/Shanghai at the time of receipt. */
  get today(): string {
    return new Date(Date.parse(this.options.receivedAt) + 8 * 3_600_000).toISOString().slice(0, 10);
  }

  /** First section with this LOINC code, or whose label or title holds the word. */
  section(code: string, word?: string): Section | undefined {
    return this.sections.find(
      (one) =>
        (code !== '' && one.code === code) ||
        (word !== undefined && (one.label.includes(word) || one.title.includes(word))),
    );
  }

  statements(section: Section | undefined): Statement[] {
    if (!section) return [];
    let found = this.#statements.get(section);
    if (!found) {
      found = statementsOf(section.element);
      this.#statements.set(section, found);
    }
    return found;
  }

  /** URI of a code list of the sender's own. */
  local(list: string): string {
    return `urn:hutong:institution:${encodeURIComponent(this.options.institution)}:codes:${list}`;
  }

  add(
    key: string,
    resource: Resource,
    more: { stamp?: string; merge?: Fact['merge']; nobody?: boolean; section?: Section } = {},
  ): { reference: string } {
    const { stamp = this.stamp, merge = 'replace', nobody = false, section } = more;
    this.facts.push({ key, resource: compact(resource), stamp, merge, ...(nobody ? {} : { person: this.person }) });
    const reference = referenceTo(resource.resourceType, key);
    this.#keys.add(reference.reference);
    if (section) {
      const list = this.entries.get(section);
      if (list) list.push(reference);
      else this.entries.set(section, [reference]);
    }
    return reference;
  }

  /** Whether this document already told of it. */
  has(type: string, key: string): boolean {
    return this.#keys.has(referenceTo(type, key).reference);
  }

  get subject(): { reference: string } {
    return referenceTo('Patient', personKeyText(this.person));
  }

  get encounter(): { reference: string } | undefined {
    return this.visit === '' ? undefined : referenceTo('Encounter', this.visit);
  }

  /** `extension` of the first `id` of the patient role with this root. */
  number(root: string): string {
    for (const id of at(this.root, 'recordTarget/patientRole')?.children ?? []) {
      if (id.name !== 'id' || id.attributes.get('root')?.trim() !== root) continue;
      const value = this.reading.attribute(id, 'extension');
      if (value !== '') return value;
    }
    return '';
  }
}
