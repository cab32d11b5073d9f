import { shippedTerminology } from '../../core/terminology/index.ts';
import { at, children, type XmlElement } from './read/element.ts';
import { oids, urn } from './systems.ts';

/** Kinds whose entries become facts; of any other the person, the document and its index entry are taken. */
export const mappedKinds = ['C0001', 'C0002', 'C0004', 'C0006', 'C0007'] as const;
export type MappedKind = (typeof mappedKinds)[number];

/** The three kinds that are also written. */
export type WrittenKind = 'C0002' | 'C0006' | 'C0007';

/** A kind of shared document: 'C0007' of WS/T 500 or 'HSDC00.02' of WS/T 483. */
export type Kind = { code: string; zh: string; en: string; template: string };

export function kindOf(code: string): Kind | undefined {
  const concept = shippedTerminology().lookup(urn(oids.documentKinds), code.toUpperCase());
  return concept && { code: concept.code, zh: concept.zh, en: concept.en, template: concept.properties.template ?? '' };
}

let templates: Map<string, Kind> | undefined;

/** By `code`, else by `templateId`: senders copy one template for several kinds, so the code is the better witness. */
export function kindOfDocument(root: XmlElement): { kind: Kind | undefined; templateAgrees: boolean } {
  templates ??= new Map(
    (shippedTerminology().expand('urn:hutong:value-set:shared-documents') ?? []).map(({ code, zh, en, properties }) => [
      properties.template ?? '',
      { code, zh, en, template: properties.template ?? '' },
    ]),
  );
  const stated = children(root, 'templateId').map((one) => one.attributes.get('root')?.trim() ?? '');
  const byCode = kindOf(at(root, 'code')?.attributes.get('code')?.trim() ?? '');
  const byTemplate = stated.map((root) => templates!.get(root)).find((kind) => kind !== undefined);
  const kind = byCode ?? byTemplate;
  return { kind, templateAgrees: kind !== undefined && stated.includes(kind.template) };
}
