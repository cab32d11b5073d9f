import type { Terminology } from '../../core/terminology/index.ts';
import type { LaboratoryTerms } from './laboratory.ts';

const loinc = 'http://loinc.org';

/** What the record index asks of the terminology, in the terminology's words. */
export function laboratoryTerms(terminology: Terminology): LaboratoryTerms {
  return {
    standardCode(institution, codings) {
      const standard = codings.find(({ system, code }) => system === loinc && code);
      if (standard?.code) return standard.code;
      for (const { system, code } of codings) {
        if (!system || !code) continue;
        const mapped = terminology.translate(institution, system, code).find((target) => target.system === loinc);
        if (mapped) return mapped.code;
      }
      return null;
    },
    item(code) {
      const concept = terminology.lookup(loinc, code);
      return concept ? { zh: concept.zh, en: concept.en, unit: concept.properties.unit ?? null } : null;
    },
    convert(value, from, to, code) {
      const converted = terminology.convert(value, from, to, code);
      return converted.ok ? converted.value : null;
    },
  };
}
