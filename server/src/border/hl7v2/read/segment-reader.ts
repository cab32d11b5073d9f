import type { Charset } from '../wire/charset.ts';
import { trimmed, unescapeText } from '../wire/escape.ts';
import type { Delimiters, Message, Segment } from '../wire/message.ts';

/** Marks of one repetition are bits, one per component; the 31st stands for all later components. */
const ALL = 0x7fffffff;
/** Every repetition of the field. */
const WHOLE = 1 << 31;
const NULL = '""';
const NONE: readonly Repetition[] = [];

/**
 * Reads a segment and remembers what was read, so that the count of unmapped content is true by construction: a component
 * counts as consumed only when somebody asked for it.
 */
export class SegmentReader {
  readonly name: string;
  /** 1-based among the segments of this name; 0 when it is the only one. For paths: 'OBX[3]'. */
  readonly ordinal: number;
  readonly segment: Segment;
  readonly delimiters: Delimiters;
  readonly charset: Charset;
  /** Marks of the first repetition by field; those of later repetitions lie in `#later`. */
  #marks: number[] | undefined;
  #later: Map<number, number> | undefined;
  #repetitions: (readonly Repetition[] | undefined)[] | undefined;

  constructor(segment: Segment, ordinal: number, message: Message) {
    this.name = segment.name;
    this.ordinal = ordinal;
    this.segment = segment;
    this.delimiters = message.delimiters;
    this.charset = message.charset;
  }

  /** 'PID-7', 'OBX[3]-5' */
  path(field: number): string {
    return this.ordinal > 0 ? `${this.name}[${this.ordinal}]-${field}` : `${this.name}-${field}`;
  }

  /** Repetitions that hold something. Asking marks nothing; reading a repetition does. */
  all(field: number): readonly Repetition[] {
    const raw = this.segment.fields[field];
    if (raw === undefined || raw === '' || raw === NULL) return NONE;
    this.#repetitions ??= new Array(this.segment.fields.length);
    const known = this.#repetitions[field];
    if (known) return known;
    const found = this.#cut(field, raw);
    this.#repetitions[field] = found;
    return found;
  }

  first(field: number): Repetition | undefined {
    return this.all(field)[0];
  }

  /** Component `c`, subcomponent `s` of the first repetition; '' when empty or `""`. */
  text(field: number, c = 1, s = 1): string {
    return this.first(field)?.text(c, s) ?? '';
  }

  /** The sender explicitly emptied this field. */
  isNull(field: number): boolean {
    const raw = this.segment.fields[field];
    if (raw === undefined || raw === '' || raw.trim() !== NULL) return false;
    this.mark(field, 0, WHOLE);
    return true;
  }

  /** Marks fields as understood without reading them: set ids and the like, which carry order but no content. */
  structural(...fields: number[]): void {
    for (const field of fields) this.mark(field, 0, WHOLE);
  }

  mark(field: number, repetition: number, bits: number): void {
    if (repetition === 0) {
      const marks = this.#marked;
      marks[field] = (marks[field] ?? 0) | bits;
    } else this.#setLater(field, repetition, this.marksOf(field, repetition) | bits);
  }

  /** Sets the marks of a repetition: 0 takes them back, when a value was looked at but nothing was taken from it. */
  setMarks(field: number, repetition: number, bits: number): void {
    if (repetition === 0) this.#marked[field] = bits;
    else this.#setLater(field, repetition, bits);
  }

  marksOf(field: number, repetition: number): number {
    return (repetition === 0 ? this.#marks?.[field] : this.#later?.get(field * 65536 + repetition)) ?? 0;
  }

  /** As long as the segment has fields: a list that grows with its marks costs more than all else that is read. */
  get #marked(): number[] {
    this.#marks ??= new Array(this.segment.fields.length);
    return this.#marks;
  }

  /** Tells the paths of what holds content and nobody read: 'PV1-9', 'PID-11.9', or 'ZPI' when nothing of it was read. */
  unread(tell: (path: string) => void): void {
    const marks = this.#marks;
    if (!marks) {
      tell(this.name);
      return;
    }
    const { fields } = this.segment;
    for (let field = 1; field < fields.length; field++) {
      const raw = fields[field]!;
      if (raw === '' || (marks[field] ?? 0) & WHOLE) continue;
      if (raw === NULL) tell(`${this.name}-${field}`);
      for (const value of this.all(field)) {
        const bits = this.marksOf(field, value.index);
        if (bits === 0) tell(`${this.name}-${field}`);
        else if (bits !== ALL) value.unread(bits, (c) => tell(`${this.name}-${field}.${c}`));
      }
    }
  }

  #setLater(field: number, repetition: number, bits: number): void {
    this.#later ??= new Map();
    this.#later.set(field * 65536 + repetition, bits);
    this.#marked[field] ??= 0;
  }

  #cut(field: number, raw: string): readonly Repetition[] {
    if (!raw.includes(this.delimiters.repetition))
      return hasContent(raw, this.delimiters) ? [new Repetition(this, field, 0, raw)] : NONE;
    const parts = raw.split(this.delimiters.repetition);
    const found: Repetition[] = [];
    for (let at = 0; at < parts.length; at++) {
      if (hasContent(parts[at]!, this.delimiters)) found.push(new Repetition(this, field, at, parts[at]!));
    }
    return found;
  }
}

/** One value of a field. */
export class Repetition {
  readonly segment: SegmentReader;
  readonly field: number;
  readonly index: number;
  readonly raw: string;
  #components: string[] | undefined;

  constructor(segment: SegmentReader, field: number, index: number, raw: string) {
    this.segment = segment;
    this.field = field;
    this.index = index;
    this.raw = raw;
  }

  get path(): string {
    return this.index > 0 ? `${this.segment.path(this.field)}[${this.index + 1}]` : this.segment.path(this.field);
  }

  /** Unescaped, trimmed text of a component (its first subcomponent by default). */
  text(c = 1, s = 1): string {
    this.segment.mark(this.field, this.index, bit(c));
    const raw = this.component(c);
    if (raw === '') return '';
    const { subcomponent, subcomponents } = this.segment.delimiters;
    if (subcomponents && raw.includes(subcomponent)) return this.#plain(raw.split(subcomponent)[s - 1] ?? '');
    return s === 1 ? this.#plain(raw) : '';
  }

  /** The whole repetition as text: for ST, TX and FT, whose senders often forget to escape `^` and `&`. */
  whole(): string {
    this.take();
    return this.#plain(this.raw);
  }

  /** Marks every component as consumed. */
  take(): void {
    this.segment.mark(this.field, this.index, ALL);
  }

  /** Takes back the marks: the value was looked at but could not be used. */
  leave(): void {
    this.segment.setMarks(this.field, this.index, 0);
  }

  /** Raw text of a component; marks nothing. */
  component(c: number): string {
    if (!this.#components) {
      // Most values are one component, and a cut is what costs.
      if (!this.raw.includes(this.segment.delimiters.component)) return c === 1 ? this.raw : '';
      this.#components = this.raw.split(this.segment.delimiters.component);
    }
    return this.#components[c - 1] ?? '';
  }

  /** Tells the components with content whose bit is not set. */
  unread(bits: number, tell: (component: number) => void): void {
    if (!this.#components) {
      // A single component with content is the first, and its repetition counts as read only if somebody read that.
      if (!this.raw.includes(this.segment.delimiters.component)) {
        if (!(bits & 1)) tell(1);
        return;
      }
      this.#components = this.raw.split(this.segment.delimiters.component);
    }
    for (let at = 0; at < this.#components.length; at++) {
      const part = this.#components[at]!;
      if (part !== '' && !(bits & bit(at + 1)) && hasContent(part, this.segment.delimiters)) tell(at + 1);
    }
  }

  #plain(part: string): string {
    const text = trimmed(part);
    if (text === NULL) return '';
    const { delimiters, charset } = this.segment;
    return delimiters.escapes ? unescapeText(text, delimiters, charset).trim() : text;
  }
}

function bit(component: number): number {
  return 1 << (Math.min(component, 31) - 1);
}

function hasContent(raw: string, delimiters: Delimiters): boolean {
  const component = delimiters.component.charCodeAt(0);
  const subcomponent = delimiters.subcomponent.charCodeAt(0);
  for (let at = 0; at < raw.length; at++) {
    const unit = raw.charCodeAt(at);
    if (unit !== component && unit !== subcomponent && unit !== 0x20) return true;
  }
  return false;
}
