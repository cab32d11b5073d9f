import type { ApiError } from '@hutong/contract/console.ts';

/** A refusal of the server, as its table of errors says it, or a broken connection (status 0). */
export class Problem extends Error {
  readonly status: number;
  readonly error: ApiError;
  /** The whole answer: some refusals carry more, such as the ground on which a record is closed. */
  readonly body: unknown;

  constructor(status: number, error: ApiError, body: unknown) {
    super(`${error.code} (${status})`);
    this.name = 'Problem';
    this.status = status;
    this.error = error;
    this.body = body;
  }
}

const unreachable: ApiError = {
  code: 'NETWORK',
  zh: '连接不到平台',
  en: 'The platform cannot be reached',
  fix: { zh: '请检查网络后重试', en: 'Check the network, then try again' },
  traceId: '',
};

const unreadable = (status: number): ApiError => ({
  code: `HTTP ${status}`,
  zh: '平台的回答无法读取',
  en: 'The answer of the platform cannot be read',
  fix: { zh: '请稍后重试；若持续出现请联系运维', en: 'Try again later; if it persists, tell the operators' },
  traceId: '',
});

const isApiError = (value: unknown): value is ApiError =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as ApiError).code === 'string' &&
  typeof (value as ApiError).zh === 'string';

export type CallOptions = { method?: 'GET' | 'POST'; body?: unknown; signal?: AbortSignal };

/**
 * One request to `/api`. Throws {@link Problem} for every refusal, and the browser's AbortError when `signal` ends it.
 * The X-Hutong header cannot be sent by a foreign page without CORS, so it guards against forged requests.
 */
export async function call<Answer>(path: string, options: CallOptions = {}): Promise<Answer> {
  const { text, status } = await exchange(path, options);
  try {
    return (text === '' ? null : JSON.parse(text)) as Answer;
  } catch {
    throw new Problem(status, unreadable(status), null);
  }
}

/** Like {@link call}, for an answer that is a document and not JSON. */
export const callText = async (path: string): Promise<string> => (await exchange(path, {})).text;

async function exchange(
  path: string,
  { method = 'GET', body, signal }: CallOptions,
): Promise<{ text: string; status: number }> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      credentials: 'same-origin',
      headers: {
        'X-Hutong': '1',
        Accept: 'application/json',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  } catch (failure) {
    if (failure instanceof DOMException && failure.name === 'AbortError') throw failure;
    throw new Problem(0, unreachable, null);
  }
  const text = await response.text();
  if (response.ok) return { text, status: response.status };
  let answer: unknown = null;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Problem(response.status, unreadable(response.status), null);
  }
  throw new Problem(response.status, isApiError(answer) ? answer : unreadable(response.status), answer);
}

/** `?a=1&b=2` of the values that are set; '' when none is. */
export function queryOf(values: Record<string, string | number | undefined | null>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

export const loginAddress = (to: string, as?: string): string => `/login${queryOf({ as, to })}`;
