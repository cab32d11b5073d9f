/** The part of ucum-lhc in use; the package ships no types. */
declare module '@lhncbc/ucum-lhc' {
  type Outcome = { status: string; ucumCode?: string | null; toVal?: number | null; msg?: string[] | null };
  type UcumLhcUtils = {
    validateUnitString(unit: string): Outcome;
    convertUnitTo(from: string, value: number, to: string, options?: { molecularWeight: number }): Outcome;
  };
  const ucum: { UcumLhcUtils: { getInstance(): UcumLhcUtils } };
  export default ucum;
}
