import { areaAt } from '@hutong/china';
import type { Context } from '../context.ts';
import type { Repetition } from './segment-reader.ts';
import { periodOf } from './simple.ts';

type Address = Record<string, unknown>;
type ContactPoint = { system: string; value: string; use?: string; rank?: number; period?: unknown };

/** Extension of Address: the GB/T 2260 code of XAD-9. */
export const AREA_CODE = 'urn:hutong:extension:area-code';
export const AREA_SYSTEM = 'urn:hutong:area';

/** Table 0190. L and RH (legal, registered) say what the place is, not how it is used. */
const ADDRESS_USES: Record<string, { use?: string; type?: string }> = {
  H: { use: 'home' },
  C: { use: 'home' },
  P: { use: 'home' },
  HV: { use: 'temp' },
  HOME: { use: 'home' },
  B: { use: 'work' },
  O: { use: 'work' },
  BI: { use: 'billing' },
  TM: { use: 'temp' },
  BA: { use: 'old' },
  M: { type: 'postal' },
  SH: { type: 'postal' },
  L: { type: 'physical' },
  RH: { type: 'physical' },
  S: { type: 'physical' },
  V: { use: 'temp' },
  BR: { use: 'old' },
  N: { use: 'old' },
  F: {},
  BDL: {},
  BL: {},
  RB: {},
};

/** XAD as Address. A six-digit county code (XAD-9) that GB/T 2260 knows also names the district. */
export function address(value: Repetition, context: Context): Address | undefined {
  const street = [value.text(1, 3), value.text(1), value.text(1, 2)].filter((part) => part !== '').join(' ');
  const line = [street, value.text(2)].filter((part) => part !== '');
  const city = value.text(3);
  const state = value.text(4);
  const postalCode = value.text(5);
  const country = value.text(6);
  const county = value.text(9);
  const other = value.text(8);
  const name = /^\d{6}$/.test(county) ? areaName(county, context.today) : undefined;
  const district = name ?? (other || county);
  const parts = [country, state, city, district, ...line].filter((part) => part !== '');
  if (parts.length === 0 && postalCode === '') return undefined;
  const han = /\p{Script=Han}/u.test(parts.join(''));
  const found: Address = {
    ...(name
      ? { extension: [{ url: AREA_CODE, valueCoding: { system: AREA_SYSTEM, code: county, display: name } }] }
      : {}),
    ...kindOf(value, context),
    ...(parts.length > 0 ? { text: han ? parts.join('') : [...parts].reverse().join(', ') } : {}),
    ...(line.length > 0 ? { line } : {}),
    ...(city ? { city } : {}),
    ...(district ? { district } : {}),
    ...(state ? { state } : {}),
    ...(postalCode ? { postalCode } : {}),
    ...(country ? { country } : {}),
  };
  const period = periodOf(value, 13, 14, context);
  return period ? { ...found, period } : found;
}

function areaName(code: string, date: string): string | undefined {
  return areaAt(code, date)?.area.zh;
}

function kindOf(value: Repetition, context: Context): { use?: string; type?: string } {
  const code = value.text(7).toUpperCase();
  if (code === '') return {};
  const known = Object.hasOwn(ADDRESS_USES, code) ? ADDRESS_USES[code] : undefined;
  if (!known) context.report('hl7v2.unknown-code', `${value.path}.7`, '0190');
  return known ?? {};
}

/** Table 0201 and 0202. */
const TELECOM_USES: Record<string, string> = {
  PRN: 'home',
  ORN: 'home',
  VHN: 'temp',
  WPN: 'work',
  ASN: 'work',
  BPN: 'work',
  PRS: 'mobile',
  EMR: '',
  NET: '',
};
const TELECOM_SYSTEMS: Record<string, string> = {
  PH: 'phone',
  CP: 'phone',
  SAT: 'phone',
  TDD: 'phone',
  TTY: 'phone',
  FX: 'fax',
  BP: 'pager',
  MD: 'other',
  INTERNET: 'email',
  'X.400': 'email',
};

/** XTN as ContactPoints (a value may hold a number and an e-mail address). `use` is what the field itself implies. */
export function telecom(value: Repetition, context: Context, use?: string): ContactPoint[] {
  const equipment = known(TELECOM_SYSTEMS, value, 3, '0202', context);
  const stated = known(TELECOM_USES, value, 2, '0201', context);
  const mobile = value.text(3).toUpperCase() === 'CP';
  const meant = mobile ? 'mobile' : stated || use;
  const mail = value.text(4);
  const number = value.text(12) || value.text(1) || composed(value);
  const rank = /^[1-9]\d{0,3}$/.test(value.component(18)) ? Number(value.text(18)) : undefined;
  const period = periodOf(value, 13, 14, context);
  const more = { ...(meant ? { use: meant } : {}), ...(rank ? { rank } : {}), ...(period ? { period } : {}) };
  const found: ContactPoint[] = [];
  if (number !== '')
    found.push({
      system: equipment === 'email' && !number.includes('@') ? 'phone' : (equipment ?? 'phone'),
      value: number,
      ...more,
    });
  if (mail !== '')
    found.push({
      system: mail.includes('@') ? 'email' : equipment === 'email' ? 'url' : 'other',
      value: mail,
      ...more,
    });
  return found;
}

function composed(value: Repetition): string {
  const country = value.text(5);
  const digits = [value.text(6), value.text(7)].filter((part) => part !== '').join('-');
  const extension = value.text(8);
  if (digits === '') return '';
  return `${country ? `+${country.replace(/^\+/, '')} ` : ''}${digits}${extension ? ` ext. ${extension}` : ''}`;
}

function known(
  table: Record<string, string>,
  value: Repetition,
  c: number,
  number: string,
  context: Context,
): string | undefined {
  const code = value.text(c).toUpperCase();
  if (code === '') return undefined;
  const found = Object.hasOwn(table, code) ? table[code] : undefined;
  if (found === undefined) context.report('hl7v2.unknown-code', `${value.path}.${c}`, number);
  return found;
}
