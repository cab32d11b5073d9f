import type { BorderIssue, Resource } from '../fact.ts';
import type { Entry, Patch, Planned } from './entry.ts';
import { issue } from './outcome.ts';

export const maxEntries = 10_000;

type RawEntry = {
  fullUrl?: unknown;
  resource?: Resource;
  request?: { method?: string; url?: string; ifMatch?: string; ifNoneExist?: string; ifNoneMatch?: string };
};
/** A GET inside a bundle: answered after everything is written. `index` is its place. */
export type ReadEntry = { index: number; url: string };
export type BundleEntries = { writes: { index: number; entry: Entry }[]; reads: ReadEntry[]; size: number };

/** Reads a transaction or batch bundle into entries; every problem names its place. */
export function readBundle(bundle: Resource): BundleEntries | { issues: BorderIssue[] } {
  const raw = bundle.entry;
  if (raw === undefined) return { writes: [], reads: [], size: 0 };
  if (!Array.isArray(raw))
    return { issues: [issue('structure', 'Bundle.entry', 'entry 必须是数组', 'entry must be an array')] };
  if (raw.length > maxEntries)
    return {
      issues: [
        issue(
          'too-costly',
          'Bundle.entry',
          `一个批次最多 ${maxEntries} 个条目`,
          `A bundle may have at most ${maxEntries} entries`,
        ),
      ],
    };
  const issues: BorderIssue[] = [];
  const writes: BundleEntries['writes'] = [];
  const reads: ReadEntry[] = [];
  (raw as (RawEntry | null)[]).forEach((item, index) => {
    const at = `Bundle.entry[${index}]`;
    const read = readEntry(item, at);
    if ('rule' in read) issues.push(read);
    else if ('url' in read) reads.push({ index, url: read.url });
    else writes.push({ index, entry: read });
  });
  return issues.length > 0 ? { issues } : { writes, reads, size: raw.length };
}

function readEntry(item: RawEntry | null, at: string): Entry | { url: string } | BorderIssue {
  const method = item?.request?.method;
  const url = item?.request?.url;
  if (typeof method !== 'string' || typeof url !== 'string')
    return issue(
      'required',
      `${at}.request`,
      '条目缺少 request.method 或 request.url',
      'The entry lacks request.method or request.url',
    );
  const path = url.replace(/^\//, '');
  if (method === 'GET' || method === 'HEAD') return { url: path };
  if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE' && method !== 'PATCH')
    return issue(
      'not-supported',
      `${at}.request.method`,
      `批次中不支持 ${method.slice(0, 20)}`,
      `${method.slice(0, 20)} is not supported in a bundle`,
    );
  const [place = '', query] = path.split('?', 2);
  const [type = '', id, more] = place.split('/');
  if (more !== undefined || (method === 'POST' && id !== undefined))
    return issue(
      'invalid',
      `${at}.request.url`,
      '地址不是“类型”或“类型/id”',
      'The url is neither "Type" nor "Type/id"',
    );
  const ifMatch = ifMatchOf(item?.request?.ifMatch);
  if (ifMatch === 'malformed')
    return issue('value', `${at}.request.ifMatch`, 'ifMatch 应为 W/"版本号"', 'ifMatch must be W/"<version>"');
  const patch = method === 'PATCH' ? patchIn(item?.resource) : undefined;
  if (patch === null)
    return issue(
      'value',
      `${at}.resource`,
      '批次中的补丁应为 Parameters，或内容为 application/json-patch+json 的 Binary',
      'A patch in a bundle must be Parameters, or a Binary of application/json-patch+json',
    );
  const condition = method === 'POST' ? item?.request?.ifNoneExist : id === undefined ? query : undefined;
  if (condition !== undefined && typeof condition !== 'string')
    return issue('value', `${at}.request.ifNoneExist`, 'ifNoneExist 应为检索条件', 'ifNoneExist must be a search');
  if (condition === undefined && method !== 'POST' && id === undefined)
    return issue(
      'required',
      `${at}.request.url`,
      '缺少资源 id 或检索条件',
      'The url has neither an id nor a condition',
    );
  return {
    at,
    method,
    type,
    ...(id !== undefined && { id }),
    ...(typeof item?.fullUrl === 'string' && { fullUrl: item.fullUrl }),
    ...(patch ? { patch } : item?.resource && { resource: item.resource }),
    ...(ifMatch !== undefined && { ifMatch }),
    ...(condition !== undefined && { condition: condition.replace(/^\?/, '') }),
  };
}

/** A patch inside a bundle is a Binary, or the Parameters of a FHIRPath Patch (FHIR R4 §3.1.0.11.3). */
function patchIn(resource: Resource | undefined): Patch | null {
  if (resource?.resourceType === 'Parameters') return { form: 'fhirpath', parameters: resource };
  if (
    resource?.resourceType !== 'Binary' ||
    resource.contentType !== 'application/json-patch+json' ||
    typeof resource.data !== 'string'
  )
    return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(resource.data, 'base64').toString());
    return Array.isArray(value) ? { form: 'json', operations: value } : null;
  } catch {
    return null;
  }
}

/** The version of an If-Match header; undefined without one. A header that cannot be read must never become an unconditional write. */
export function ifMatchOf(header: unknown): number | undefined | 'malformed' {
  if (header === undefined || header === '') return undefined;
  const match = typeof header === 'string' ? /^\s*(?:W\/)?"(\d{1,9})"\s*$/.exec(header) : null;
  return match ? Number(match[1]) : 'malformed';
}

const words = { 200: '200 OK', 201: '201 Created', 204: '204 No Content' } as const;

export const entryResponse = ({ status, type, id, version }: Planned, receivedAt: number): object => ({
  response: {
    status: words[status],
    ...(version > 0 && {
      location: `${type}/${id}/_history/${version}`,
      etag: `W/"${version}"`,
      lastModified: new Date(receivedAt).toISOString(),
    }),
  },
});
