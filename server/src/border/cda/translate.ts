import type { Translation } from '../fact.ts';
import { checkDocument } from './check/check-document.ts';
import { Context, type TranslateOptions } from './context.ts';
import { kindOfDocument, type MappedKind, mappedKinds } from './kinds.ts';
import { allergy } from './mapping/allergy.ts';
import { addDocument, readHeader } from './mapping/composition.ts';
import { conditions } from './mapping/diagnosis.ts';
import { orders } from './mapping/orders.ts';
import { patient } from './mapping/patient.ts';
import { staff } from './mapping/people.ts';
import { prescription } from './mapping/prescription.ts';
import { report } from './mapping/report.ts';
import { noteDiagnoses, visit } from './mapping/visit.ts';
import { vitalSigns } from './mapping/vital-signs.ts';
import { at } from './read/element.ts';
import type { Document } from './read/parse-document.ts';
import { issue } from './rules.ts';

const isMapped = (code: string): code is MappedKind => (mappedKinds as readonly string[]).includes(code);

/**
 * A shared document as facts: the person, the visit, the document itself (Composition, Binary, DocumentReference) and, for the
 * kinds of {@link mappedKinds}, its entries. Pure. What has no place is counted in `unmapped` by true consumption.
 */
export function translate(document: Document, options: TranslateOptions): Translation {
  const { kind, templateAgrees } = kindOfDocument(document.root);
  if (!kind) {
    const issues = [...document.warnings, issue('cda.kind-unknown', '/ClinicalDocument/code')];
    return { kind: 'CDA', controlId: '', facts: [], merges: [], unmapped: [], issues };
  }
  const context = new Context(document, kind, options);
  context.issues.push(...document.warnings, ...checkDocument(document));
  if (!templateAgrees) context.report('cda.kind-mismatch', at(context.root, 'templateId') ?? context.root, kind.code);
  if (!isMapped(kind.code)) context.report('cda.kind-not-mapped', at(context.root, 'code') ?? context.root, kind.code);
  const header = readHeader(context);
  const version =
    /^\d{1,6}$/.test(header.version) && header.version !== '0' && header.version !== '1' ? `;v${header.version}` : '';
  const frame = { kind: kind.code, controlId: header.id === '' ? '' : header.id + version, merges: [] };
  const sent = header.time ? { sentAt: header.time.instant } : {};
  // Held as a whole: nothing was left over, because nothing was taken.
  if (!patient(context)) return { ...frame, ...sent, facts: [], unmapped: [], issues: context.issues };
  entries(context, header);
  return {
    ...frame,
    ...sent,
    facts: context.facts,
    unmapped: context.reading.unread(context.root),
    issues: context.issues,
  };
}

function entries(context: Context, header: ReturnType<typeof readHeader>): void {
  const { root } = context;
  const author = staff(context, at(root, 'author/assignedAuthor'));
  const written = context.time(at(root, 'author/time'));
  const reviewer = staff(context, at(root, 'legalAuthenticator/assignedEntity'));
  checkCustodian(context);
  visit(context, author);
  switch (context.kind.code) {
    case 'C0001':
    case 'C0002': {
      const found = conditions(context, context.section('29548-5', '诊断'), author, written ?? header.time);
      noteDiagnoses(context, found);
      allergy(context);
      vitalSigns(context, written?.fhir);
      orders(context, context.section('46209-3', '医嘱'), author);
      break;
    }
    case 'C0004':
      prescription(context, author, written ?? header.time);
      break;
    case 'C0006':
    case 'C0007':
      report(context, author, reviewer, written, header.time);
      break;
  }
  addDocument(context, header, author);
}

function checkCustodian(context: Context): void {
  const id = at(context.root, 'custodian/assignedCustodian/representedCustodianOrganization/id');
  const code = context.reading.attribute(id, 'extension');
  if (id && code !== '' && code !== context.options.institution) context.report('cda.institution-mismatch', id);
}
