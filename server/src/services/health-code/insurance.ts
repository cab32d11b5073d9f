/**
 * The medical-insurance credential is issued by the national insurance platform only, and decoded by its own terminal interface. Whoever runs
 * such an interface puts it behind this question.
 */
export type InsuranceAdapter = {
  readonly name: string;
  /** The document behind a credential's text; null when the insurance side does not know it. Throws when it cannot be asked. */
  decode(token: string, scene: { institution: string; step: string }): Promise<InsuredPerson | null>;
};
export type InsuredPerson = { documentType: string; documentNumber: string; name: string };

const waitMs = 3000;

/**
 * An adapter over HTTP: `POST url {"token", "institution", "step"}` answers 200 `{"documentType", "documentNumber", "name"}`, or 404 for an
 * unknown credential. A local service wraps the insurance terminal's own library this way.
 */
export function httpInsuranceAdapter(url: string): InsuranceAdapter {
  return {
    name: 'http',
    async decode(token, scene) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token, ...scene }),
        signal: AbortSignal.timeout(waitMs),
        redirect: 'error',
      });
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`insurance interface answered ${response.status}`);
      const answer = (await response.json()) as Partial<InsuredPerson>;
      if (typeof answer.documentNumber !== 'string' || typeof answer.name !== 'string')
        throw new Error('insurance interface answered without a document');
      return { documentType: answer.documentType ?? '01', documentNumber: answer.documentNumber, name: answer.name };
    },
  };
}
