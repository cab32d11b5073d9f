import { unescapeText } from '../wire/escape.ts';
import type { Message } from '../wire/message.ts';
import { header } from '../wire/parse.ts';

/** Who is asked about in a query: what stands for which field of PID, and how many answers are wanted. */
export type PersonQuery =
  | { kind: 'Q22'; tag: string; parameters: ReadonlyMap<string, string>; most: number }
  | { kind: 'Q23'; tag: string; id: string; authority: string; domains: readonly string[] };

/** Whether a message asks instead of telling: QBP^Q22 (candidates by demographics, IHE PDQ ITI-21) or QBP^Q23 (other identifiers, IHE PIX ITI-9). */
export function isPersonQuery(message: Message): boolean {
  const { type, event } = header(message);
  return type === 'QBP' && (event === 'Q22' || event === 'Q23');
}

/** @returns null when QPD is missing or names nobody */
export function readPersonQuery(message: Message): PersonQuery | null {
  const { delimiters, charset } = message;
  const qpd = message.segments.find(({ name }) => name === 'QPD');
  if (!qpd) return null;
  const plain = (text: string | undefined): string => unescapeText(text ?? '', delimiters, charset).trim();
  const parts = (raw: string | undefined): string[] => (raw ?? '').split(delimiters.component).map(plain);
  const tag = plain(qpd.fields[2]);
  if (header(message).event === 'Q23') {
    const [id = '', , , authority = ''] = parts(qpd.fields[3]);
    const domains = (qpd.fields[4] ?? '')
      .split(delimiters.repetition)
      .map((one) => parts(one)[3]?.split(delimiters.subcomponent)[0] ?? '')
      .filter(Boolean);
    return id ? { kind: 'Q23', tag, id, authority: authority.split(delimiters.subcomponent)[0] ?? '', domains } : null;
  }
  const parameters = new Map<string, string>();
  for (const repetition of (qpd.fields[3] ?? '').split(delimiters.repetition)) {
    const [path = '', value = ''] = parts(repetition);
    if (/^@PID\.\d{1,2}(\.\d){0,2}$/.test(path) && value) parameters.set(path.slice(1), value);
  }
  const rcp = message.segments.find(({ name }) => name === 'RCP');
  const most = Number.parseInt(parts(rcp?.fields[2])[0] ?? '', 10);
  return parameters.size > 0 ? { kind: 'Q22', tag, parameters, most: most > 0 ? Math.min(most, 100) : 20 } : null;
}
