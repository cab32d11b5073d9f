import { AREA_EDITIONS } from './area-editions.generated.ts';
import { CHONGQING_NAMES, isChongqingCode } from './chongqing-names.ts';
import { PROVINCES } from './provinces.ts';
import { isSyntheticArea, SYNTHETIC_AREAS } from './synthetic.ts';

/** One code under one name, for as long as the editions of GB/T 2260 list it so. */
export type Area = {
  code: string;
  zh: string;
  /** English name: every province and every Chongqing place, present or past; null elsewhere. */
  en: string | null;
  /** First month (`YYYY-MM`) whose edition lists it; null: in the first edition we have, 1980-12, or reserved by us. */
  from: string | null;
  /** First month whose edition no longer lists it under this name; null: still listed in the last edition. */
  until: string | null;
  synthetic: boolean;
};

/** The first edition in the table: what it lists is older than the table, so its beginning is unknown. */
const FIRST_EDITION = '1980-12';

/**
 * Changes after the last edition of the table (2020-12) of which we are sure. Liangjiang New Area replaced Jiangbei and
 * Yubei (Chongqing municipal government, press conference of 2025-11-06); its own code is not in our sources: absent.
 */
const UNLISTED_SINCE: readonly (readonly [code: string, month: string])[] = [
  ['500105', '2025-11'],
  ['500112', '2025-11'],
];

/** Region codes that only residence permits carry (Regulation on residence permits of HK, Macao and Taiwan, 2018). */
const PERMIT_REGIONS: readonly Area[] = [
  { code: '830000', zh: '台湾地区', en: 'Taiwan', from: '2018-09', until: null, synthetic: false },
];

/** Built on first use: 6,600 codes, some ten milliseconds. */
let table: Map<string, Area[]> | null = null;

function areas(): Map<string, Area[]> {
  if (table) return table;
  table = new Map();
  for (const line of AREA_EDITIONS.split('\n')) table.set(line.slice(0, 6), readLine(line));
  for (const [code, month] of UNLISTED_SINCE) {
    const last = table.get(code)?.at(-1);
    if (last && last.until === null) last.until = month;
  }
  for (const area of PERMIT_REGIONS) table.set(area.code, [area]);
  for (const code of SYNTHETIC_AREAS) table.set(code, [syntheticArea(code)]);
  return table;
}

function readLine(line: string): Area[] {
  const code = line.slice(0, 6);
  const listings = line.slice(7).split(',');
  const periods: Area[] = [];
  for (const [index, listing] of listings.entries()) {
    const zh = listing.slice(7);
    if (zh === '') continue;
    const from = month(listing);
    const next = listings[index + 1];
    periods.push({
      code,
      zh,
      en: englishName(code, zh),
      from: from === FIRST_EDITION ? null : from,
      until: next === undefined ? null : month(next),
      synthetic: false,
    });
  }
  return periods;
}

const month = (listing: string): string => `${listing.slice(0, 4)}-${listing.slice(4, 6)}`;

const PROVINCE_NAMES = new Map(PROVINCES.map((province) => [province.code, province.en]));

function englishName(code: string, zh: string): string | null {
  return PROVINCE_NAMES.get(code) ?? (isChongqingCode(code) ? (CHONGQING_NAMES[zh] ?? null) : null);
}

function syntheticArea(code: string): Area {
  const serial = code.slice(4);
  return {
    code,
    zh: `虚拟区${serial}（从未发放）`,
    en: `Synthetic area ${serial} (never issued)`,
    from: null,
    until: null,
    synthetic: isSyntheticArea(code),
  };
}

/** Every name a code has carried, oldest first; empty when no edition lists it (that never makes a number wrong). */
export function areaHistory(code: string): readonly Area[] {
  return areas().get(code) ?? [];
}

/**
 * What `code` meant on `date` (`YYYY-MM-DD` or `YYYY-MM`). `listed` is false when no edition lists the code in that
 * month and the nearest period was taken instead: editions appear up to a year after the change, and people keep
 * abolished codes for life. Null when no edition ever listed it.
 */
export function areaAt(code: string, date: string): { area: Area; listed: boolean } | null {
  const periods = areaHistory(code);
  const wanted = date.slice(0, 7);
  let nearest: Area | null = null;
  for (const area of periods) {
    if (area.from !== null && wanted < area.from) return { area: nearest ?? area, listed: false };
    if (area.until === null || wanted < area.until) return { area, listed: true };
    nearest = area;
  }
  return nearest && { area: nearest, listed: false };
}

/** Full Chinese name on `date`, province first, for example `四川省万县市开县`; null when the code is unknown. */
export function areaFullName(code: string, date: string): string | null {
  if (!areaAt(code, date)) return null;
  const levels = new Set([`${code.slice(0, 2)}0000`, `${code.slice(0, 4)}00`, code]);
  return [...levels].map((level) => areaAt(level, date)?.area.zh ?? '').join('');
}

/** The districts and counties of Chongqing that are listed on `date`, by code (38 of them from 2016-12 to 2025-10). */
export function chongqingAreas(date: string): readonly Area[] {
  const found: Area[] = [];
  for (const code of areas().keys()) {
    if (!code.startsWith('50') || code === '500000' || isSyntheticArea(code)) continue;
    const at = areaAt(code, date);
    if (at?.listed) found.push(at.area);
  }
  return found.sort((a, b) => (a.code < b.code ? -1 : 1));
}
