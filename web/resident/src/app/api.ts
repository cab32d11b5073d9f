import type { ApiError } from '@hutong/contract/console.ts';

/** A refusal of the server (its table of errors), or status 0: no network. */
export class Problem extends Error {
  readonly status: number;
  readonly error: ApiError | null;
  constructor(status: number, error: ApiError | null) {
    super(error?.code ?? 'network');
    this.status = status;
    this.error = error;
  }
}

/** One request to `/api`; a body makes it a POST. */
export async function call<Answer>(path: string, body?: object): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method: body ? 'POST' : 'GET',
      credentials: 'same-origin',
      headers: { 'X-Hutong': '1', ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Problem(0, null);
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  // A proxy without its server answers for it, in its own words.
  throw new Problem(response.status >= 502 ? 0 : response.status, answer as ApiError | null);
}

export async function logout(): Promise<void> {
  await fetch('/api/logout', { method: 'POST', headers: { 'X-Hutong': '1' } }).catch(() => {});
}
