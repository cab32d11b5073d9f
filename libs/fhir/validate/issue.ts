// One shape for everything a validator, a search parser or an extractor has to say.

/** FHIR issue-type codes used by this room (http://hl7.org/fhir/R4/valueset-issue-type.html). */
export type IssueCode =
  | 'structure'
  | 'required'
  | 'value'
  | 'invariant'
  | 'code-invalid'
  | 'not-found'
  | 'not-supported'
  | 'invalid'
  | 'too-costly'
  | 'exception';

/**
 * A finding. `expression` is a FHIRPath location ("Patient.name[0].family"); `diagnostics` is an English and `zh` a
 * Chinese sentence. Neither ever quotes a value of the resource other than a code, so both may be logged.
 */
export type Issue = {
  severity: 'error' | 'warning';
  code: IssueCode;
  expression: string;
  diagnostics: string;
  zh: string;
};
