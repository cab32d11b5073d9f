// Self-contained on purpose: a sender outside the server may own a copy of this file.

/** A component: text, or its subcomponents. A repetition: its components. A field: one value or its repetitions. */
export type Component = string | readonly string[];
export type Repetition = { components: readonly Component[] };
export type FieldValue = string | Repetition | { repetitions: readonly (string | Repetition)[] };

/** A segment to write: its name and fields 1, 2, 3 ... ('' for none). For MSH the list begins with field 3. */
export type SegmentToWrite = readonly [name: string, ...fields: FieldValue[]];

/** `components('A', 'B')` is `A^B`; `components('A', ['B', 'C'])` is `A^B&C`. */
export function components(...parts: Component[]): Repetition {
  return { components: parts };
}

/** Text with the standard delimiters `|^~\&` and line breaks escaped (HL7 v2.5.1, 2.7). */
export function escapeText(text: string): string {
  if (!/[|^~\\&\r\n]/.test(text)) return text;
  return text.replace(/\r\n|[|^~\\&\r\n]/g, (mark) => ESCAPES[mark] ?? '\\.br\\');
}

const ESCAPES: Record<string, string> = { '|': '\\F\\', '^': '\\S\\', '~': '\\R\\', '\\': '\\E\\', '&': '\\T\\' };

/** Segments as message text with the standard delimiters, each ended by CR. Empty fields at the end are left off. */
export function build(segments: readonly SegmentToWrite[]): string {
  let text = '';
  for (const [name, ...fields] of segments) {
    const written = fields.map(field);
    while (written.at(-1) === '') written.pop();
    const head = name === 'MSH' || name === 'BHS' || name === 'FHS' ? `${name}|^~\\&` : name;
    text += `${[head, ...written].join('|')}\r`;
  }
  return text;
}

function field(value: FieldValue): string {
  if (typeof value === 'string') return escapeText(value);
  if ('repetitions' in value)
    return value.repetitions.map((one) => (typeof one === 'string' ? escapeText(one) : repetition(one))).join('~');
  return repetition(value);
}

function repetition(value: Repetition): string {
  const written = value.components.map((part) =>
    typeof part === 'string' ? escapeText(part) : part.map(escapeText).join('&'),
  );
  while (written.at(-1) === '') written.pop();
  return written.join('^');
}
