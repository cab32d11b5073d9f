import { DOCUMENT_NAMES, type DocumentType, maskNumber, maskPhone } from '@hutong/china';
import type { Alias, GoldenRecord, IdentityAct, IdentityCard, IdentityMove } from '@hutong/contract/identity.ts';
import type { ActRow } from '../acts/model.ts';
import type { Rule } from '../model.ts';
import { publicId } from '../public-id.ts';
import type { SourceRow } from '../tables/find.ts';
import type { MoveRow } from '../tables/moves.ts';
import { agentName, institutionOf, type ReviewDoor, withWords } from './door.ts';
import { reasonWords, ruleSentences } from './words.ts';

/** Masks numbers and telephones unless somebody asked to see them and the audit says so. */
export type Mask = (kind: 'number' | 'phone' | 'document', value: string | null) => string | null;
export const maskOf =
  (unmasked: boolean): Mask =>
  (kind, value) =>
    value === null || unmasked ? value : kind === 'phone' ? maskPhone(value) : maskNumber(value);

/** Names and numbers with their valid time: each from when it was first told until the next one was. */
export function aliasesOf({ told, documents }: SourceRow, mask: Mask): Alias[] {
  const timed = (['name', 'number', 'phone'] as const).flatMap((kind) => {
    const own = told.filter((one) => one.kind === kind).sort((a, b) => (a.first < b.first ? -1 : 1));
    return own.map(({ value, first }, at) => ({
      kind,
      value: kind === 'name' ? value : (mask(kind, value) as string),
      from: at === 0 ? null : first,
      to: own[at + 1]?.first ?? null,
    }));
  });
  const papers = documents.map(({ number, stamp }) => ({
    kind: 'document' as const,
    value: mask('document', number) as string,
    from: stamp,
    to: null,
  }));
  return [...timed, ...papers];
}

const documentWords = (type: string) =>
  withWords(type, DOCUMENT_NAMES[(Object.hasOwn(DOCUMENT_NAMES, type) ? type : 'other') as DocumentType]);

export const ruleOf = (rule: Rule): IdentityCard['how'] => ({ rule, ...ruleSentences[rule] });

export function cardOf({ directory }: ReviewDoor, source: SourceRow, mask: Mask): IdentityCard {
  const looksLikeNumber = /^\d{11,18}[\dXx]?$/.test(source.localId);
  return {
    source: publicId(source.id),
    resident: publicId(source.resident),
    institution: institutionOf(directory, source.institution),
    authority: source.authority,
    localId: looksLikeNumber ? (mask('number', source.localId) as string) : source.localId,
    name: source.name,
    formerNames: aliasesOf(source, mask).filter(({ kind, value }) => kind === 'name' && value !== source.name),
    sex: source.sex,
    birthDate: source.birthDate,
    number: mask('number', source.number),
    documents: source.documents.map(({ type, number }) => ({
      type: documentWords(type),
      number: mask('document', number) as string,
    })),
    phone: mask('phone', source.phone),
    address: source.address,
    ethnicGroup: source.ethnicGroup,
    deceased: source.deceased,
    since: source.since.toISOString(),
    lastAt: source.lastAt.toISOString(),
    how: ruleOf(source.how),
  };
}

export const maskedGolden = (golden: GoldenRecord, mask: Mask): GoldenRecord => ({
  ...golden,
  number: { ...golden.number, value: mask('number', golden.number.value) },
  phone: { ...golden.phone, value: mask('phone', golden.phone.value) },
});

export function actView({ directory }: ReviewDoor, act: ActRow, all: readonly ActRow[]): IdentityAct {
  const undo = all.find(({ id }) => id === act.undoneBy);
  return {
    id: String(act.id),
    kind: act.kind,
    at: act.at.toISOString(),
    by: { kind: act.byKind, name: agentName(directory, act.byKind, act.byId) },
    reason: act.reason === null ? null : withWords(act.reason, reasonWords(act.reason)),
    note: act.note,
    model: act.model,
    weight: act.weight,
    left: act.left.map(publicId),
    right: act.right.map(publicId),
    undone:
      act.undoneBy === null
        ? null
        : {
            at: (undo?.at ?? act.at).toISOString(),
            by: undo ? agentName(directory, undo.byKind, undo.byId) : '',
            act: String(act.undoneBy),
          },
    awaitsSecond: act.awaitsSecond && act.undoneBy === null && !all.some(({ confirms }) => confirms === act.id),
  };
}

export const moveView = ({ at, source, from, to, rule }: MoveRow): IdentityMove => ({
  at: at.toISOString(),
  source: publicId(source),
  from: from === null ? null : publicId(from),
  to: publicId(to),
  rule: ruleOf(rule),
});
