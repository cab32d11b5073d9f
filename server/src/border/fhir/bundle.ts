import type { BorderIssue, Resource } from '../fact.ts';
import { issue } from './outcome.ts';
import type { Entry, Planned } from './plan.ts';

export const maxEntries = 10_000;

type RawEntry = { fullUrl?: unknown; resource?: Resource; request?: { method?: string; url?: string; ifMatch?: string; ifNoneExist?: string } };
/** A conditional create or update: what to search for before the entry is known. */
export type Condition = { entry: Entry; query: string };

/** Reads a transaction or batch bundle into entries; every problem names its place. */
export function readBundle(bundle: Resource): { entries: Entry[]; conditions: Condition[] } | { issues: BorderIssue[] } {
  const raw = bundle.entry;
  if (raw === undefined) return { entries: [], conditions: [] };
  if (!Array.isArray(raw)) return { issues: [issue('structure', 'Bundle.entry', 'entry 必须是数组', 'entry must be an array')] };
  if (raw.length > maxEntries) return { issues: [issue('too-costly', 'Bundle.entry', `一个批次最多 ${maxEntries} 个条目`, `A bundle may have at most ${maxEntries} entries`)] };
  const issues: BorderIssue[] = [];
  const entries: Entry[] = [];
  const conditions: Condition[] = [];
  (raw as RawEntry[]).forEach((item, index) => {
    const at = `Bundle.entry[${index}]`;
    const method = item?.request?.method;
    const url = item?.request?.url;
    if (typeof method !== 'string' || typeof url !== 'string') {
      issues.push(issue('required', `${at}.request`, '条目缺少 request.method 或 request.url', 'The entry lacks request.method or request.url'));
      return;
    }
    if (method !== 'POST' && method !== 'PUT' && method !== 'DELETE') {
      issues.push(issue('not-supported', `${at}.request.method`, `批次中尚不支持 ${method.slice(0, 20)}`, `${method.slice(0, 20)} is not supported in a bundle yet`));
      return;
    }
    const [path, query] = url.replace(/^\//, '').split('?', 2) as [string, string | undefined];
    const [type = '', id, more] = path.split('/');
    if (more !== undefined || (method === 'POST' && id !== undefined)) {
      issues.push(issue('invalid', `${at}.request.url`, '地址不是“类型”或“类型/id”', 'The url is neither "Type" nor "Type/id"'));
      return;
    }
    const entry: Entry = {
      at, method, type, ...(id !== undefined && { id }), ...(typeof item.fullUrl === 'string' && { fullUrl: item.fullUrl }),
      ...(item.resource && { resource: item.resource }), ...ifMatchOf(item.request?.ifMatch),
    };
    entries.push(entry);
    const condition = method === 'POST' ? item.request?.ifNoneExist : id === undefined ? query : undefined;
    if (condition !== undefined) conditions.push({ entry, query: condition.replace(/^\?/, '') });
    else if (method !== 'POST' && id === undefined) issues.push(issue('required', `${at}.request.url`, '缺少资源 id 或检索条件', 'The url has neither an id nor a condition'));
  });
  return issues.length > 0 ? { issues } : { entries, conditions };
}

export const ifMatchOf = (header: string | undefined): { ifMatch?: number } => {
  const match = /^(?:W\/)?"(\d+)"$/.exec(header ?? '');
  return match ? { ifMatch: Number(match[1]) } : {};
};

const words = { 200: '200 OK', 201: '201 Created', 204: '204 No Content' } as const;

export const entryResponse = ({ status, type, id, version }: Planned, receivedAt: number): object => ({
  response: {
    status: words[status], ...(version > 0 && { location: `${type}/${id}/_history/${version}`, etag: `W/"${version}"`, lastModified: new Date(receivedAt).toISOString() }),
  },
});
