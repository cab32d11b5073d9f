import { shippedTerminology } from '../../terminology/index.ts';

/** Units that results are reported in here; a search in one of them finds the others of its kind. */
const reported = [
  'g/L',
  'mg/L',
  'ug/L',
  'ng/L',
  'g/dL',
  'mg/dL',
  'ug/dL',
  'ng/mL',
  'pg/mL',
  'ug/mL',
  'mg/mL',
  'ng/dL',
  'mol/L',
  'mmol/L',
  'umol/L',
  'nmol/L',
  'pmol/L',
  'kg',
  'g',
  'mg',
  'ug',
  'm',
  'cm',
  'mm',
  'um',
  'L',
  'dL',
  'mL',
  'fL',
  'Cel',
  '[degF]',
  'mm[Hg]',
  'kPa',
  'a',
  'mo',
  'wk',
  'd',
  'h',
  'min',
  's',
  'ms',
  '/min',
  '/s',
  '%',
  '1',
  '10*9/L',
  '10*12/L',
  '10*3/uL',
  '10*6/uL',
  '/L',
  '/uL',
  'kat/L',
  'U/L',
  'mU/L',
  'k[IU]/L',
  '[IU]/L',
  'm[IU]/L',
  'u[IU]/mL',
  '[lb_av]',
  '[oz_av]',
  '[in_i]',
  '[ft_i]',
  'kcal',
  'kJ',
  'mL/min',
  'L/min',
];
/** Scales whose zero is not nothing: a factor cannot turn one into another. */
const offset = new Set(['Cel', '[degF]']);

const known = new Map<string, { unit: string; factor: number }[]>();
const limit = 500;

/** The other units of the same kind, and what a value in `unit` is multiplied by to be in them. */
export function commensurable(unit: string): { unit: string; factor: number }[] {
  let found = known.get(unit);
  if (!found) {
    const terminology = shippedTerminology();
    found = offset.has(unit)
      ? []
      : reported.flatMap((other) => {
          if (other === unit || offset.has(other)) return [];
          const converted = terminology.convert(1, unit, other);
          return converted.ok && converted.value > 0 ? [{ unit: other, factor: converted.value }] : [];
        });
    if (known.size >= limit) known.clear();
    known.set(unit, found);
  }
  return found;
}
