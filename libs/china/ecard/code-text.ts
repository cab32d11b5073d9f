import type { Parsed, Refused } from '../parsed.ts';

/** What a national e-health-card QR code says. Ids are upper-case hexadecimal. */
export type CardCode =
  | { kind: 'static'; cardId: string }
  | {
      kind: 'dynamic';
      cardId: string;
      /** 32 hexadecimal characters, see `openValidity`. */
      validity: string;
      /** Fields behind the validity as vendors add them: payment part of "two codes in one", then the issuer. */
      payment: string | null;
      issuer: string | null;
    }
  | { kind: 'temporary'; randomId: string };

/** Why a scanned text was not read as a card code. */
export type CardCodeReason = 'empty' | 'not-a-card-code' | 'card-id' | 'kind-unknown' | 'validity' | 'extra-fields';

const TEXTS: Record<CardCodeReason, readonly [zh: string, en: string]> = {
  empty: ['二维码内容为空', 'The code is empty'],
  'not-a-card-code': ['不是电子健康卡二维码', 'This is not an e-health-card code'],
  'card-id': ['电子健康卡 ID 格式不符', 'The card id in the code is malformed'],
  'kind-unknown': ['二维码类型未知', 'The kind of code is unknown'],
  validity: ['动态码有效期数据块格式不符', 'The validity block of the dynamic code is malformed'],
  'extra-fields': ['二维码含有多余内容', 'The code has more fields than its kind allows'],
};

const CARD_ID = /^(?:[0-9A-F]{32}|[0-9A-F]{64}|[0-9A-F]{96})$/;
const MOST_CHARACTERS = 512;

/** `cardID:1` */
export function staticCode(cardId: string): string {
  return `${checkedId(cardId)}:1`;
}

/** `cardID:0:validity`, or `cardID:0:validity:payment:issuer` where a region joins payment and issuer. */
export function dynamicCode(
  cardId: string,
  validity: string,
  extra: { payment?: string; issuer?: string } = {},
): string {
  if (!/^[0-9A-F]{32}$/.test(validity)) throw new RangeError('validity must be 32 upper-case hexadecimal characters');
  const text = `${checkedId(cardId)}:0:${validity}`;
  if (extra.payment === undefined && extra.issuer === undefined) return text;
  return `${text}:${checkedField(extra.payment ?? '')}:${checkedField(extra.issuer ?? '')}`;
}

/** `randomId:9`, for people without a card yet (Wenzhou card platform). `randomId`: letters, digits and hyphens. */
export function temporaryCode(randomId: string): string {
  if (!RANDOM_ID.test(randomId)) throw new RangeError('randomId must be 8 to 64 letters, digits or hyphens');
  return `${randomId}:9`;
}

const RANDOM_ID = /^[0-9A-Za-z-]{8,64}$/;

/** Reads the text of a scanned code; lower-case ids and surrounding space are folded. Never looks at a clock or a key. */
export function parseCardCode(text: string): Parsed<CardCode, CardCodeReason> {
  const trimmed = text.trim();
  if (trimmed === '') return refuse('empty');
  if (trimmed.length > MOST_CHARACTERS) return refuse('not-a-card-code');
  const [id, kind, ...fields] = trimmed.split(':') as [string, ...string[]];
  if (kind === undefined) return refuse('not-a-card-code');
  if (kind === '9') return parseTemporary(id, fields);
  if (kind !== '0' && kind !== '1') return refuse(/^[0-9]$/.test(kind) ? 'kind-unknown' : 'not-a-card-code');
  const cardId = id.toUpperCase();
  if (!CARD_ID.test(cardId)) return refuse('card-id');
  if (kind === '1') return fields.length > 0 ? refuse('extra-fields') : { ok: true, value: { kind: 'static', cardId } };
  return parseDynamic(cardId, fields);
}

function parseTemporary(randomId: string, fields: string[]): Parsed<CardCode, CardCodeReason> {
  if (fields.length > 0) return refuse('extra-fields');
  return RANDOM_ID.test(randomId) ? { ok: true, value: { kind: 'temporary', randomId } } : refuse('card-id');
}

function parseDynamic(cardId: string, fields: string[]): Parsed<CardCode, CardCodeReason> {
  const validity = (fields[0] ?? '').toUpperCase();
  if (!/^[0-9A-F]{32}$/.test(validity)) return refuse('validity');
  if (fields.length > 3) return refuse('extra-fields');
  const value = { kind: 'dynamic', cardId, validity, payment: fields[1] || null, issuer: fields[2] || null } as const;
  return { ok: true, value };
}

function checkedId(cardId: string): string {
  if (!CARD_ID.test(cardId)) throw new RangeError('cardId must be 32, 64 or 96 upper-case hexadecimal characters');
  return cardId;
}

function checkedField(field: string): string {
  if (/[:\s]/.test(field)) throw new RangeError('a field of a card code cannot hold a colon or space');
  return field;
}

function refuse(reason: CardCodeReason): Refused<CardCodeReason> {
  const [zh, en] = TEXTS[reason];
  return { ok: false, reason, zh, en };
}
