import { createHash } from 'node:crypto';
import type { Resource } from '../../fact.ts';
import { compact, isEmpty } from '../compact.ts';
import type { Context } from '../context.ts';
import { type Reference, referenceTo } from '../keys.ts';
import { authoredText, titleOf } from '../narrative.ts';
import { escapeText } from '../out/xml.ts';
import { all, at, type XmlElement } from '../read/element.ts';
import { type Section, type Statement, valueText } from '../read/statement.ts';
import type { Time } from '../read/time.ts';
import { codings, oids, roots, urn } from '../systems.ts';
import { organization, staff } from './people.ts';
import { textElements } from './text-elements.ts';

export type Header = { id: string; version: string; time: Time | undefined; title: string; replaced: string };

/** Id, version, time and predecessor of the document; sets `documentKey`, `stamp` and `amended`. */
export function readHeader(context: Context): Header {
  const { reading, root } = context;
  for (const name of ['realmCode', 'typeId', 'templateId', 'languageCode', 'code']) reading.take(at(root, name));
  for (const template of all(root, 'templateId')) reading.take(template);
  const id = reading.attribute(at(root, 'id'), 'extension');
  const set = at(root, 'setId');
  const setId = reading.attribute(set, 'extension') || reading.text(set);
  const versionElement = at(root, 'versionNumber');
  const version = reading.attribute(versionElement, 'value') || reading.text(versionElement);
  const parent = at(root, 'relatedDocument/parentDocument');
  const parentSet = at(parent, 'setId');
  const replaced =
    reading.attribute(at(parent, 'id'), 'extension') ||
    reading.attribute(parentSet, 'extension') ||
    reading.text(parentSet);
  reading.attribute(at(parent, 'versionNumber'), 'value');
  reading.text(at(parent, 'versionNumber'));
  const title = reading.text(at(root, 'title')) || context.kind.zh;
  const element = at(root, 'effectiveTime');
  const time = context.time(element);
  context.documentKey = setId || id;
  context.amended = replaced !== '';
  context.stamp = (element && time && context.usableStamp(time, element)) ?? context.options.receivedAt;
  return { id, version, time, title, replaced };
}

const ORDER = 'DE06.00.288.00';

const SIGNERS: [path: string, mode: string][] = [
  ['legalAuthenticator', 'legal'],
  ['authenticator', 'professional'],
];

/** Composition (who said what, section by section), the bytes as they came, and the index entry that leads to them. */
export function addDocument(context: Context, header: Header, author: Reference | undefined): void {
  const { reading, root, kind, documentKey } = context;
  const custodian = organization(context, at(root, 'custodian/assignedCustodian/representedCustodianOrganization'));
  const type = { coding: [{ system: urn(oids.documentKinds), code: kind.code, display: kind.zh }] };
  const confidentiality = reading.attribute(at(root, 'confidentialityCode'), 'code');
  reading.take(at(root, 'confidentialityCode'));
  const date = header.time?.fhir.includes('T') ? header.time.fhir : undefined;
  const number = { system: urn(roots.document), value: header.id };
  const authors = [author ?? { display: '未注明作者' }];
  context.add(documentKey, {
    resourceType: 'Composition',
    identifier: number,
    status: context.amended ? 'amended' : 'final',
    type,
    subject: context.subject,
    encounter: context.encounter,
    date: header.time?.fhir ?? context.stamp,
    author: authors,
    title: header.title,
    confidentiality: /^[NRVULM]$/.test(confidentiality) ? confidentiality : undefined,
    attester: SIGNERS.flatMap(([path, mode]) => all(root, path).flatMap((one) => attester(context, one, mode))),
    custodian,
    relatesTo:
      header.replaced === ''
        ? []
        : [{ code: 'replaces', targetIdentifier: { system: urn(roots.document), value: header.replaced } }],
    section: context.sections.flatMap((one) => section(context, one)),
  });
  const binary = context.add(documentKey, {
    resourceType: 'Binary',
    contentType: 'application/xml',
    securityContext: context.subject,
    data: context.document.bytes.toString('base64'),
  });
  const resource: Resource = {
    resourceType: 'DocumentReference',
    masterIdentifier: number,
    status: 'current',
    docStatus: context.amended ? 'amended' : 'final',
    type,
    subject: context.subject,
    date,
    author: author ? [author] : [],
    custodian,
    relatesTo:
      header.replaced === ''
        ? []
        : [{ code: 'replaces', target: { identifier: { system: urn(roots.document), value: header.replaced } } }],
    securityLabel:
      confidentiality === ''
        ? []
        : [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: confidentiality }] }],
    content: [
      {
        attachment: compact({
          contentType: 'application/xml',
          language: 'zh-CN',
          size: context.document.bytes.length,
          hash: createHash('sha1').update(context.document.bytes).digest('base64'),
          title: header.title,
          creation: header.time?.fhir,
        }),
        format: { system: urn(oids.documentKinds), code: kind.template },
      },
    ],
    context: {
      encounter: context.encounter ? [context.encounter] : [],
      related: [binary, referenceTo('Composition', documentKey)],
    },
  };
  context.add(documentKey, { ...resource, context: compact(resource.context as Record<string, unknown>) });
}

function attester(context: Context, element: XmlElement, mode: string): unknown[] {
  const { reading } = context;
  const time = context.time(at(element, 'time'));
  reading.take(at(element, 'signatureCode'));
  const assigned = at(element, 'assignedEntity');
  const party = staff(context, assigned);
  reading.take(at(assigned, 'code'));
  return party ? [compact({ mode, time: time?.fhir, party })] : [];
}

/** A section as FHIR: the author's text, the words of its text elements, and references to the facts told in it. */
function section(context: Context, one: Section): unknown[] {
  const text = at(one.element, 'text');
  const { lines, rows } = authoredText(text);
  const said = lines.join('\n');
  const words = wordsOf(context, context.statements(one)).filter(({ value }) => !said.includes(value));
  context.reading.take(text);
  context.reading.take(at(one.element, 'code'));
  context.reading.take(at(one.element, 'title'));
  const paragraphs = [...lines, ...words.map(({ label, value }) => `${label}：${value}`)].map(
    (line) => `<p>${escapeText(line)}</p>`,
  );
  const table =
    rows.length === 0
      ? ''
      : `<table>${rows.map((row) => `<tr>${row.map((cell) => `<td>${escapeText(cell)}</td>`).join('')}</tr>`).join('')}</table>`;
  const content = paragraphs.join('') + table;
  const entry = context.entries.get(one) ?? [];
  if (content === '' && entry.length === 0) return [];
  return [
    compact({
      title: titleOf(one),
      code: one.code === '' ? undefined : { coding: codings(one.code, one.system, '', context.local('sections')) },
      text:
        content === ''
          ? undefined
          : { status: 'generated', div: `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>` },
      entry,
    }),
  ];
}

function wordsOf(context: Context, statements: readonly Statement[]): { label: string; value: string }[] {
  return statements.flatMap((one) => {
    // What is said under an order belongs to that order.
    if (one.code === ORDER) return [];
    const label = labelOf(one);
    const below = wordsOf(context, one.parts);
    if (label === undefined) return below;
    const coded = at(one.element, 'value')?.attributes.get('displayName') ?? '';
    const value = valueText(context.reading, one);
    context.reading.take(at(one.element, 'value'));
    const start = context.time(at(one.element, 'effectiveTime/low') ?? at(one.element, 'effectiveTime'))?.fhir;
    context.time(at(one.element, 'effectiveTime/high'));
    const isFlag = at(one.element, 'value')?.attributes.get('xsi:type') === 'BL';
    const shown = isFlag ? (value === 'true' || value === '1' ? '有' : '无') : coded || value;
    return isEmpty(shown) ? below : [{ label, value: start === undefined ? shown : `${shown}（${start}）` }, ...below];
  });
}

/** Our label of a text element; a category is of the report, whatever code it stands under. */
function labelOf({ code, label }: Statement): string | undefined {
  if (!Object.hasOwn(textElements, code) || label.includes('类别')) return undefined;
  return label.includes('过敏史') && code !== 'DE02.10.023.00' ? '过敏史' : textElements[code];
}
