import type { BorderIssue, Fact, PersonKey, PersonMerge, Resource } from '../fact.ts';
import { keyText as joinKey } from '../key-text.ts';
import { digest } from './read/digest.ts';
import { type Repetition, SegmentReader } from './read/segment-reader.ts';
import { parseTime, SHANGHAI, type Time, zoneOf } from './read/time.ts';
import { issue, type RuleId } from './rules.ts';
import type { Header, Message } from './wire/message.ts';
import { header } from './wire/parse.ts';

export type TranslateOptions = {
  /** Code of the sending institution in the directory; local code and identifier systems are named after it. */
  institution: string;
  /** ISO 8601. Only to judge "in the future", and to order a message that states no time at all. */
  receivedAt: string;
};

/** Stamp of what a message says beside its subject (the visit in a laboratory report): it fills gaps and never overrides. */
export const HEARSAY = '0001-01-01T00:00:00.000Z';

const DAY = 86_400_000;

/** One translation at work: the tracked segments, and what has been found so far. Lives as long as one message. */
export class Context {
  readonly message: Message;
  readonly header: Header;
  readonly options: TranslateOptions;
  readonly segments: readonly SegmentReader[];
  /** 2.3, 2.5, 2.8 ... */
  readonly version: number;
  readonly zone: number;
  readonly facts: Fact[] = [];
  readonly merges: PersonMerge[] = [];
  readonly issues: BorderIssue[];
  #person: PersonKey = { authority: '', localId: '' };
  #subject: string | undefined;
  /** Key of the visit this message stands in, '' outside a visit. */
  visit = '';
  /** The fact of that visit which carries its diagnoses. */
  visitFact: Fact | undefined;
  stamp: string;
  readonly #told = new Set<string>();
  readonly #times = new Map<string, Time | undefined>();
  readonly #received: number;
  #today: string | undefined;
  readonly #known = new Map<string, { value: unknown; marks: number }>();

  constructor(message: Message, options: TranslateOptions) {
    this.message = message;
    this.header = header(message);
    this.options = options;
    this.#received = Date.parse(options.receivedAt);
    this.issues = [...message.warnings];
    const totals = new Map<string, number>();
    for (const { name } of message.segments) totals.set(name, (totals.get(name) ?? 0) + 1);
    const seen = new Map<string, number>();
    this.segments = message.segments.map((segment) => {
      if (totals.get(segment.name) === 1) return new SegmentReader(segment, 0, message);
      const nth = (seen.get(segment.name) ?? 0) + 1;
      seen.set(segment.name, nth);
      return new SegmentReader(segment, nth, message);
    });
    this.zone = zoneOf(this.header.time) ?? SHANGHAI;
    const version = Number.parseFloat(this.header.version);
    this.version = Number.isFinite(version) ? version : 2.5;
    this.stamp = options.receivedAt;
  }

  /** Set by the person mapping before anything that belongs to somebody is read. */
  get person(): PersonKey {
    return this.#person;
  }

  set person(person: PersonKey) {
    this.#person = person;
    this.#subject = undefined;
  }

  report(rule: RuleId, path: string, detail = ''): void {
    this.issues.push(issue(rule, path, detail));
  }

  time(text: string): Time | undefined {
    const known = this.#times.get(text);
    if (known || this.#times.has(text)) return known;
    const time = parseTime(text, this.zone);
    this.#times.set(text, time);
    return time;
  }

  /**
   * A converted value, remembered by its text: a report of thirty lines names the same laboratory and doctor thirty times. The
   * marks of what was read are repeated with it.
   */
  remember<V>(kind: string, value: Repetition, convert: () => V): V {
    const name = `${kind}|${value.raw}`;
    const known = this.#known.get(name);
    if (known) {
      value.segment.setMarks(value.field, value.index, known.marks);
      return known.value as V;
    }
    const found = convert();
    this.#known.set(name, { value: found, marks: value.segment.marksOf(value.field, value.index) });
    return found;
  }

  /** An instant usable as a stamp, or undefined when absent, unreadable or more than a day ahead of the time of receipt. */
  stampFrom(segment: SegmentReader | undefined, field: number): string | undefined {
    const text = segment?.text(field) ?? '';
    if (text === '') return undefined;
    const time = this.time(text);
    if (!time) return undefined;
    if (Date.parse(time.instant) <= this.#received + DAY) return time.instant;
    this.report('hl7v2.time-in-future', segment!.path(field));
    return undefined;
  }

  /** Today in Asia/Shanghai at the time of receipt, `YYYY-MM-DD`. */
  get today(): string {
    this.#today ??= new Date(this.#received + SHANGHAI * 60_000).toISOString().slice(0, 10);
    return this.#today;
  }

  find(name: string): SegmentReader | undefined {
    return this.segments.find((segment) => segment.name === name);
  }

  /** Adds a fact about the person of this message. */
  add(
    key: string,
    resource: Resource,
    more: { stamp?: string; merge?: Fact['merge']; cleared?: string[]; nobody?: boolean } = {},
  ): Fact {
    const { stamp = this.stamp, merge = 'replace', cleared, nobody = false } = more;
    const fact: Fact = { key: bounded(key), resource, stamp, merge };
    if (!nobody) fact.person = this.#person;
    if (cleared && cleared.length > 0) fact.cleared = cleared;
    this.facts.push(fact);
    return fact;
  }

  /** true the first time it is asked with this word: for things a message mentions often and tells once. */
  once(word: string): boolean {
    if (this.#told.has(word)) return false;
    this.#told.add(word);
    return true;
  }

  /** `{ reference: 'key:Patient|…' }` of the person of this message. */
  get subject(): { reference: string } {
    this.#subject ??= reference('Patient', personKeyText(this.#person)).reference;
    return { reference: this.#subject };
  }

  get encounter(): { reference: string } | undefined {
    return this.visit === '' ? undefined : reference('Encounter', this.visit);
  }
}

export function reference(type: string, key: string): { reference: string } {
  return { reference: `key:${type}|${bounded(key)}` };
}

/** The Patient fact's key: the local number, with its assigning authority when the institution has several. */
export function personKeyText(person: PersonKey): string {
  return keyText(person.authority, person.localId);
}

/** Parts of a key in one text. Empty ones at the end, too, are left off: a sub-id or a version that a message does not have. */
export function keyText(...parts: string[]): string {
  while (parts.length > 0 && parts[parts.length - 1] === '') parts.pop();
  return joinKey(...parts);
}

/** A hostile number of a megabyte must not become a key of a megabyte. */
function bounded(key: string): string {
  return key.length <= 256 ? key : `long|${digest(key)}`;
}
