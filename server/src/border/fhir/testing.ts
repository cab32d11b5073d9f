/** Support for this room's tests: requests as a hospital's system makes them. */

/** A hospital's system, logged in. */
export type Hospital = { fetch(path: string, init?: RequestInit): Promise<Response> };

export type Resource = { resourceType: string; id?: string; [element: string]: unknown };
// biome-ignore lint/suspicious/noExplicitAny: an answer of unknown shape, taken apart by the test
export type Said = { status: number; headers: Headers; text: string; body: any };

async function said(response: Response): Promise<Said> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? null : JSON.parse(text) };
}

export const json = async (hospital: Hospital, path: string): Promise<Said> => said(await hospital.fetch(path));

export async function send(
  hospital: Hospital,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Said> {
  return said(
    await hospital.fetch(path, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/fhir+json' }), ...headers },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
      }),
    } as RequestInit),
  );
}

export const put = (hospital: Hospital, resource: Resource, headers?: Record<string, string>): Promise<Said> =>
  send(hospital, 'PUT', `/fhir/${resource.resourceType}/${resource.id}`, resource, headers);

/** A patient feed as a message (PMIR ITI-93): its header, and in its focus what happened. */
export const feedOf = (id: string, entry: object[], header: object = {}): Resource => ({
  resourceType: 'Bundle',
  type: 'message',
  entry: [
    {
      fullUrl: 'urn:uuid:11111111-0000-4000-8000-000000000001',
      resource: {
        resourceType: 'MessageHeader',
        id,
        eventUri: 'urn:ihe:iti:pmir:2019:patient-feed',
        source: { endpoint: 'http://hospital.example/feed' },
        focus: [{ reference: 'urn:uuid:11111111-0000-4000-8000-000000000002' }],
        ...header,
      },
    },
    {
      fullUrl: 'urn:uuid:11111111-0000-4000-8000-000000000002',
      resource: { resourceType: 'Bundle', type: 'history', entry },
    },
  ],
});

export const patientOf = (mrn: string, more: object = {}): Resource => ({
  resourceType: 'Patient',
  identifier: [
    {
      type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'MR' }] },
      system: 'urn:mrn',
      value: mrn,
    },
  ],
  ...more,
});

export const idsOf = ({ body }: Said, mode = 'match'): string[] =>
  (body.entry ?? [])
    .filter((entry: { search?: { mode: string } }) => entry.search?.mode === mode)
    .map((entry: { resource: Resource }) => entry.resource.id);

export const count = async (hospital: Hospital, path: string): Promise<number> =>
  (await json(hospital, `${path}${path.includes('?') ? '&' : '?'}_summary=count`)).body.total;

export const bundleOf = (type: 'transaction' | 'batch', entry: object[]): Resource => ({
  resourceType: 'Bundle',
  type,
  entry,
});
