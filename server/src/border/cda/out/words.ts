import type { Resource } from '../../fact.ts';
import { textElements } from '../mapping/text-elements.ts';
import { authoredText } from '../narrative.ts';
import { parseXml } from '../read/parse-document.ts';
import { displayOf, oidOf } from '../systems.ts';
import type { Concept } from './bag.ts';
import { element, entry, text as textValue } from './statement.ts';
import { type Node, node } from './xml.ts';

/** The readable part of one section: words that are a data element, and the author's remaining text. */
export type Words = {
  code: string;
  /** OID of the code's system; '' means LOINC. */
  system?: string;
  title: string;
  elements: [code: string, label: string, value: string][];
  text?: Node;
};

const labels = new Map(Object.entries(textElements).map(([code, label]) => [label, code]));

/** Sections of a Composition taken apart into data elements ('主诉：…') and free text. */
export function wordsOf(composition: Resource | undefined): Words[] {
  const sections = (composition?.section ?? []) as { title?: string; code?: Concept; text?: { div?: string } }[];
  return sections.map(({ title = '', code, text }) => {
    const parsed = text?.div === undefined ? undefined : parseXml(Buffer.from(text.div));
    const { lines, rows } = authoredText(parsed && !Array.isArray(parsed) ? parsed.root : undefined);
    const elements: Words['elements'] = [];
    const free: string[] = [];
    for (const line of lines) {
      const cut = line.indexOf('：');
      const element = cut < 0 ? undefined : labels.get(line.slice(0, cut));
      if (element === undefined) free.push(line);
      else elements.push([element, line.slice(0, cut), line.slice(cut + 1)]);
    }
    const paragraphs = free.map((line) => node('paragraph', {}, line));
    const table =
      rows.length === 0
        ? []
        : [
            node(
              'table',
              {},
              node(
                'tbody',
                {},
                rows.map((row) =>
                  node(
                    'tr',
                    {},
                    row.map((cell) => node('td', {}, cell)),
                  ),
                ),
              ),
            ),
          ];
    const block = [...paragraphs, ...table];
    return {
      code: code?.coding?.[0]?.code ?? '',
      system: oidOf(code?.coding?.[0]?.system),
      title,
      elements,
      ...(block.length > 0 ? { text: node('text', {}, block) } : {}),
    };
  });
}

const FLAG = 'DE02.10.023.00';

/** Data elements of the words as entries. */
export const said = ({ elements }: Words): Node[] =>
  elements.map(([de, label, value]) =>
    entry(
      element(
        de,
        label,
        de === FLAG ? node('value', { 'xsi:type': 'BL', value: String(value === '有') }) : textValue(value),
      ),
    ),
  );

export type Head = { title?: string; text?: Node; system?: string };

/** Title (when one was stated), code system and the author's text of a section whose entries come from resources. */
export function headOf({ code, title, text, system }: Words, label = ''): Head {
  // A section is named by its label where it has no code, or where the label is already its title.
  const stated =
    code === '' || title === '' || title === label || title === displayOf('http://loinc.org', code) ? {} : { title };
  return { ...stated, ...(text ? { text } : {}), ...(system ? { system } : {}) };
}
