import { parseCardCode, parseResidentNumber } from '@hutong/china';
import type { CardState, CodeKind, Permit, Relation } from '@hutong/contract/health-code.ts';
import type { Scanner } from './model.ts';
import { mostHeld } from './model.ts';

/** What a scanned text is, by its form alone. */
export type Reading =
  | { kind: 'own-code' }
  | { kind: 'static'; cardId: string }
  | { kind: 'dynamic'; cardId: string; validity: string; issuer: string | null; text: string }
  | { kind: 'temporary'; randomId: string }
  | { kind: 'insurance'; token: string }
  | { kind: 'document'; documentType: '01'; number: string }
  | { kind: 'hospital-card'; number: string }
  | { kind: 'unreadable'; zh: string; en: string };

/**
 * Tells the codes of a counter apart. `as` is the counter's own word, needed where a hospital's card number looks like something else.
 * The insurance credential's QR code is 28 digits.
 */
export function readScan(scanned: string, as: 'auto' | 'document' | 'hospital-card', isOwn: boolean): Reading {
  const text = scanned.normalize('NFKC').trim();
  if (text === '' || text.length > 512)
    return { kind: 'unreadable', zh: '内容为空或过长', en: 'It is empty or too long' };
  if (as === 'hospital-card') return { kind: 'hospital-card', number: text };
  if (isOwn) return { kind: 'own-code' };
  if (as === 'auto' && text.includes(':')) {
    const card = parseCardCode(text);
    if (!card.ok) return { kind: 'unreadable', zh: card.zh, en: card.en };
    const { value } = card;
    if (value.kind === 'dynamic')
      return {
        kind: 'dynamic',
        cardId: value.cardId,
        validity: value.validity,
        issuer: value.issuer,
        text: text.toUpperCase(),
      };
    return value;
  }
  if (as === 'auto' && /^\d{28}$/.test(text)) return { kind: 'insurance', token: text };
  const number = parseResidentNumber(text, '9999-12-31');
  if (number.ok) return { kind: 'document', documentType: '01', number: number.value.number18 };
  if (as === 'document' || /^\d{17}[\dXx]$/.test(text)) return { kind: 'unreadable', zh: number.zh, en: number.en };
  return /^[0-9A-Za-z-]{3,40}$/.test(text)
    ? { kind: 'hospital-card', number: text }
    : { kind: 'unreadable', zh: '格式无法识别', en: 'Its form is not known' };
}

type Reason = { permit: Permit; zh: string; en: string };
const whys = {
  paper: { zh: '可被复制的码只用于识别', en: 'A code that can be copied only identifies' },
  splice: {
    zh: '国家动态码的时间块可被拼接，不作授权',
    en: 'The time block of the national dynamic code can be spliced, so it authorises nothing',
  },
  number: { zh: '号码不能证明本人在场', en: 'A number does not prove that the resident is here' },
  role: { zh: '您的角色不需要此项', en: 'Your role does not need this' },
  place: { zh: '临时码只在发放机构使用', en: 'A temporary code is used where it was given' },
  insurance: { zh: '只有医保电子凭证可以结算', en: 'Only the insurance credential settles' },
} as const;

const byKind: Record<CodeKind, { may: Permit[]; why: keyof typeof whys }> = {
  own: { may: ['identify', 'register', 'dispense', 'open-record'], why: 'insurance' },
  proxy: { may: ['identify', 'register', 'dispense', 'open-record'], why: 'insurance' },
  dynamic: { may: ['identify', 'register', 'dispense'], why: 'splice' },
  insurance: { may: ['identify', 'register', 'dispense', 'settle'], why: 'number' },
  static: { may: ['identify', 'register'], why: 'paper' },
  printed: { may: ['identify', 'register'], why: 'paper' },
  temporary: { may: ['identify', 'register'], why: 'paper' },
  document: { may: ['identify', 'register'], why: 'number' },
  'hospital-card': { may: ['identify', 'register'], why: 'number' },
};
const byRole: Record<string, Permit[]> = {
  clinician: ['identify', 'register', 'dispense', 'open-record'],
  'primary-care': ['identify', 'register', 'dispense', 'open-record'],
  client: ['identify', 'register', 'dispense', 'settle'],
};

/**
 * What the scanner may do, and why not the rest. Only a code that the resident shows at this moment, signed and good for one use, opens a
 * record; a static or printed code never does, however often it is photographed.
 */
export function permittedBy(
  kind: CodeKind,
  scanner: Scanner,
  issuedAt: number | null,
): { permitted: Permit[]; withheld: Reason[] } {
  const { may, why } = byKind[kind];
  const role = byRole[scanner.role] ?? [];
  const elsewhere = kind === 'temporary' && issuedAt !== scanner.institution;
  const all: Permit[] = ['identify', 'register', 'dispense', 'settle', 'open-record'];
  const permitted = all.filter(
    (permit) => may.includes(permit) && role.includes(permit) && !(elsewhere && permit !== 'identify'),
  );
  const withheld = all
    .filter((permit) => !permitted.includes(permit))
    .map((permit): Reason => {
      const reason =
        permit === 'settle' && kind !== 'insurance'
          ? whys.insurance
          : !may.includes(permit)
            ? whys[why]
            : elsewhere
              ? whys.place
              : whys.role;
      return { permit, ...reason };
    });
  return { permitted, withheld };
}

/** Completed years on `day` (YYYY-MM-DD); null without a birth date. */
export function ageOn(birthDate: string | null, day: string): number | null {
  if (!birthDate || birthDate.length < 4) return null;
  return Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (day.slice(5) < birthDate.slice(5) ? 1 : 0);
}

/**
 * Whether one may show the other's code: a parent or guardian for somebody under 18 (it ends on that birthday), a child for a parent of 60 and
 * more, spouse or carer for an adult. Nobody for themselves, nobody for more than five.
 */
export function mayHold(
  relation: Relation,
  holder: { resident: bigint; age: number | null },
  subject: { resident: bigint; age: number | null },
  held: number,
): boolean {
  if (holder.resident === subject.resident || held >= mostHeld) return false;
  if (holder.age !== null && holder.age < 18) return false;
  if (relation === 'parent' || relation === 'guardian') return subject.age !== null && subject.age < 18;
  if (relation === 'child') return subject.age !== null && subject.age >= 60;
  return subject.age === null || subject.age >= 18;
}

/** Codes are taken only of a card in its normal state; a cancelled or rejected one is answered with its state. */
export const isInForce = (state: CardState): boolean => state === 1;

/** A fresh registration: in force when the index had no doubt, otherwise somebody looks at it first. */
export const stateOfRegistration = (how: string, namesAgree: boolean): CardState =>
  how === 'number-contradicts-birth-date' || !namesAgree ? 2 : 1;
