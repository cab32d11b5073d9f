import type { Issue } from '@hutong/fhir';
import type { BorderIssue } from '../fact.ts';

/** FHIR faces answer with an OperationOutcome; text in Chinese, diagnostics in English, the place as a FHIRPath expression. */
export function outcomeOf(
  issues: readonly (Omit<BorderIssue, 'severity'> & { severity: BorderIssue['severity'] | 'information' })[],
): { resourceType: 'OperationOutcome'; issue: object[] } {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ severity, rule, path, zh, en }) => ({
      severity,
      code: codeOf(rule),
      details: { coding: [{ system: 'urn:hutong:rule', code: rule }], text: zh },
      diagnostics: en,
      ...(path && { expression: [path] }),
    })),
  };
}

const issueTypes = new Set([
  'structure',
  'required',
  'value',
  'invariant',
  'code-invalid',
  'not-found',
  'not-supported',
  'invalid',
  'too-costly',
  'exception',
  'conflict',
  'forbidden',
  'multiple-matches',
  'business-rule',
  'informational',
  'incomplete',
]);
const codeOf = (rule: string): string => {
  const code = rule.replace(/^fhir\./, '');
  return issueTypes.has(code) ? code : 'processing';
};

export const fromValidator = ({ severity, code, expression, diagnostics, zh }: Issue): BorderIssue => ({
  severity,
  rule: `fhir.${code}`,
  path: expression,
  zh,
  en: diagnostics,
});

export const issue = (rule: string, path: string, zh: string, en: string): BorderIssue => ({
  severity: 'error',
  rule: `fhir.${rule}`,
  path,
  zh,
  en,
});

/** 'Observation.status' inside entry 3 becomes 'Bundle.entry[3].resource.status'. */
export const placed = (found: BorderIssue, at: string): BorderIssue =>
  at ? { ...found, path: found.path.replace(/^[A-Za-z]+/, `${at}.resource`) } : found;

/** "All is well", as an issue (FHIR R4 issue-type `informational`). */
export const wellDone = (path: string, zh: string, en: string): object =>
  outcomeOf([{ severity: 'information', rule: 'fhir.informational', path, zh, en }]);
