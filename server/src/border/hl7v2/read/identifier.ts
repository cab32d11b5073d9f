import { parseResidentNumber } from '@hutong/china';
import { systems } from '@hutong/contract/systems.ts';
import { type Context, keyText } from '../context.ts';
import { bounded } from './remembered.ts';
import type { Repetition } from './segment-reader.ts';
import { periodOf } from './simple.ts';

export type Identifier = {
  use?: string;
  type?: unknown;
  system?: string;
  value: string;
  period?: unknown;
  assigner?: { display: string };
};

const TYPES = 'http://terminology.hl7.org/CodeSystem/v2-0203';
/** CX-5 of a resident identity number: table 0203 (NI, NNxxx) and what Chinese systems write. */
const RESIDENT_TYPES = new Set(['NI', 'NN', 'NNCHN', 'NNCN', 'SFZ', 'SFZH', 'SFZHM', 'IDCARD', 'RESIDENT']);
/** Electronic health card, 居民健康卡. */
const HEALTH_CARD_TYPES = new Set(['JKK', 'EHC', 'HC', 'JHC']);
/** Numbers that are not of the institution itself: never its name for a person. */
const FOREIGN_TYPES = new Set([
  ...RESIDENT_TYPES,
  ...HEALTH_CARD_TYPES,
  'SS',
  'PPN',
  'DL',
  'VN',
  'AN',
  'BC',
  'YB',
  'MI',
  'HMO',
]);

const localSystems = bounded<string>(20_000);

/** System URI of numbers that the institution (or an authority inside it) gives. */
export function localSystem(institution: string, authority: string): string {
  return localSystems(`${institution}\n${authority}`, () => {
    const own = `urn:hutong:institution:${encodeURIComponent(institution)}`;
    return authority === '' ? own : `${own}:${encodeURIComponent(authority)}`;
  });
}

/** CX-4, or EI-2…4: namespace, else universal id. '' when the sender names none. `sub` reads it from subcomponents. */
export function authorityOf(value: Repetition, c: number): string {
  return value.text(c) || value.text(c, 2);
}

/** CX as Identifier; resident numbers are checked, and an invalid one keeps no claim to the national system. */
export function identifier(value: Repetition, context: Context): Identifier | undefined {
  const number = value.text(1);
  if (number === '') return undefined;
  const type = value.text(5).toUpperCase();
  const authority = authorityOf(value, 4);
  const oid = universalOid(value, 4);
  const assigner = value.text(6);
  const period = periodOf(value, 7, 8, context);
  const more = { ...(period ? { period } : {}), ...(assigner ? { assigner: { display: assigner } } : {}) };
  if (RESIDENT_TYPES.has(type) || `urn:oid:${oid}` === systems.residentNumber) {
    return { ...residentNumber(number, value.path, context), ...more };
  }
  const known = HEALTH_CARD_TYPES.has(type) ? systems.healthCard : oid === '' ? undefined : `urn:oid:${oid}`;
  const local = localSystem(context.options.institution, authority || (FOREIGN_TYPES.has(type) ? type : ''));
  return {
    ...(type ? { type: { coding: [{ system: TYPES, code: type.replace(/\s+/g, ' ') }] } } : {}),
    system: known ?? local,
    value: number,
    ...more,
  };
}

/** PID-19: senders in China put the resident number here; elsewhere it is a social security number. */
export function socialNumber(value: Repetition, context: Context): Identifier | undefined {
  const number = value.text(1);
  if (number === '') return undefined;
  if (/^\d{14}(\d|\d{3}[\dXx])$/.test(number)) return residentNumber(number, value.path, context);
  return {
    type: { coding: [{ system: TYPES, code: 'SS' }] },
    system: localSystem(context.options.institution, 'SS'),
    value: number,
  };
}

function residentNumber(number: string, path: string, context: Context): Identifier {
  const type = { coding: [{ system: TYPES, code: 'NI' }] };
  const parsed = parseResidentNumber(number, context.today);
  if (parsed.ok) return { use: 'official', type, system: systems.residentNumber, value: parsed.value.number18 };
  context.report('hl7v2.resident-number', path);
  return {
    use: 'temp',
    type,
    system: localSystem(context.options.institution, 'resident-number-unverified'),
    value: number,
  };
}

function universalOid(value: Repetition, c: number): string {
  const id = value.text(c, 2);
  return value.text(c, 3).toUpperCase() === 'ISO' && /^[0-2](\.(0|[1-9]\d*))+$/.test(id) ? id : '';
}

/** Picks the institution's own number among the repetitions of PID-3: MR, PI and PT first, national numbers last. */
export function ownNumber(values: readonly Repetition[]): Repetition | undefined {
  const rank = (value: Repetition): number => {
    const type = value.component(5).trim().toUpperCase();
    const at = ['MR', 'PI', 'PT', ''].indexOf(type);
    return at >= 0 ? at : FOREIGN_TYPES.has(type) ? 9 : 5;
  };
  const withNumber = values.filter((value) => value.component(1).trim() !== '' && value.component(1).trim() !== '""');
  return withNumber.reduce<Repetition | undefined>(
    (best, one) => (best && rank(best) <= rank(one) ? best : one),
    undefined,
  );
}

/** EI (order, document, appointment numbers) as the text of a key; '' when there is no number. */
export function entityKey(value: Repetition | undefined): string {
  const number = value?.text(1) ?? '';
  if (!value || number === '') return '';
  // A number kept in subcomponents: `2017-PAT-123456&L`.
  return keyText(value.text(2) || value.text(3) || value.text(1, 2), number);
}

/** EI as Identifier, typed PLAC, FILL and so on. */
export function entityIdentifier(type?: string): (value: Repetition, context: Context) => Identifier | undefined {
  return (value, context) => {
    const number = value.text(1);
    if (number === '') return undefined;
    const id = value.text(3) || value.text(1, 3);
    const namespace = value.text(2) || value.text(1, 2);
    const iso = value.text(4).toUpperCase() === 'ISO' && /^[0-2](\.(0|[1-9]\d*))+$/.test(id);
    const system = iso ? `urn:oid:${id}` : localSystem(context.options.institution, namespace || id || (type ?? ''));
    return { ...(type ? { type: { coding: [{ system: TYPES, code: type }] } } : {}), system, value: number };
  };
}
