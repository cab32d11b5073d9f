import { oids } from '../systems.ts';
import { type Node, node } from './xml.ts';

/** An observation about one data element of WS 363. */
export function element(code: string, label: string, ...content: Parameters<typeof node>[2][]): Node {
  const name = node('code', {
    code,
    codeSystem: oids.dataElements,
    codeSystemName: '卫生信息数据元目录',
    displayName: label,
  });
  return node('observation', { classCode: 'OBS', moodCode: 'EVN' }, name, ...content);
}

export const text = (value: string): Node => node('value', { 'xsi:type': 'ST' }, value);

export const entry = (content: Node): Node => node('entry', {}, content);

export const part = (content: Node): Node => node('entryRelationship', { typeCode: 'COMP' }, content);

export function cluster(parts: Node[], code?: Node): Node {
  const components = parts.map((one) => node('component', {}, one));
  return entry(node('organizer', { classCode: 'CLUSTER', moodCode: 'EVN' }, code, node('statusCode'), components));
}

export function section(
  code: string,
  label: string,
  content: Node[],
  more: { text?: Node; title?: string; system?: string } = {},
): Node {
  const coded = code === '' ? {} : { code, codeSystem: more.system ?? oids.loinc };
  const head = [
    node('code', { ...coded, displayName: label }),
    more.title !== undefined && node('title', {}, more.title),
    more.text ?? node('text'),
  ];
  return node('component', {}, node('section', {}, ...head, content));
}

export function interval(low: string, high: string): Node | undefined {
  if (low === '' && high === '') return undefined;
  return node(
    'effectiveTime',
    {},
    low !== '' && node('low', { value: low }),
    high !== '' && node('high', { value: high }),
  );
}
