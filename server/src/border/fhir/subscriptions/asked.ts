import { dateRange, isResourceType, parseSearch, type ResourceType } from '@hutong/fhir';
import type { BorderIssue, Resource } from '../../fact.ts';
import { fromValidator, issue } from '../outcome.ts';
import { type Topic, topicOf } from './topics.ts';

export type Content = 'empty' | 'id-only' | 'full-resource';
/** What a Subscription asks for (hl7.fhir.uv.subscriptions-backport 1.1, R4). Times in seconds, `ends` in epoch milliseconds. */
export type Asked = {
  topic: Topic;
  filters: { type: ResourceType; query: string }[];
  channel: 'rest-hook' | 'websocket';
  endpoint: string | null;
  headers: [string, string][];
  payload: 'application/fhir+json' | 'application/fhir+xml';
  content: Content;
  heartbeat: number | null;
  timeout: number;
  maxCount: number;
  ends: number | null;
};

const own = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';
const limits = { filters: 20, headers: 10, heartbeat: [10, 86_400], timeout: [1, 60], maxCount: [1, 100] } as const;
const defaults = { timeout: 20, maxCount: 20 };

/** Our own parameter beside those of the standard: everything that is linked to one resident, whichever institution sent it. */
export const ownFilterNames = ['resident'];

/** What a client's header may not be: these say how the message itself travels. */
const oursAlone =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|proxy-.*|te|trailer|upgrade|expect|cookie)$/i;

type Extended = { extension?: unknown };
type Extension = { url?: unknown; [value: string]: unknown };
const extensions = (element: unknown, name: string): Extension[] => {
  const list = (element as Extended | undefined)?.extension;
  return Array.isArray(list) ? (list as Extension[]).filter((one) => one?.url === `${own}/${name}`) : [];
};

/** Reads what a structurally valid Subscription asks for; what this platform does not do is refused by name. */
export function readAsked(resource: Resource): Asked | BorderIssue[] {
  const issues: BorderIssue[] = [];
  const wrong = (path: string, zh: string, en: string): void =>
    void issues.push(issue('business-rule', `Subscription.${path}`, zh, en));
  const channel = (resource.channel ?? {}) as Record<string, unknown>;
  const number = (name: keyof typeof limits & ('heartbeat' | 'timeout' | 'maxCount'), url: string): number | null => {
    const [found] = extensions(channel, url);
    if (!found) return null;
    const value = Number(found.valueUnsignedInt ?? found.valuePositiveInt);
    const [least, most] = limits[name];
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    wrong('channel', `${url} 应为 ${least} 至 ${most}`, `${url} must be ${least} to ${most}`);
    return null;
  };
  const topic = topicOf(String(resource.criteria));
  if (!topic)
    wrong('criteria', '没有这个订阅主题；见 Subscription/$topics', 'There is no such topic; see Subscription/$topics');
  const filters = topic ? filtersOf(resource, topic, issues) : [];
  const type = channel.type;
  if (type !== 'rest-hook' && type !== 'websocket')
    wrong('channel.type', '只支持 rest-hook 与 websocket', 'Only rest-hook and websocket are done');
  const endpoint = typeof channel.endpoint === 'string' ? channel.endpoint : null;
  if (type === 'rest-hook' && endpoint === null) wrong('channel.endpoint', '缺少 endpoint', 'The endpoint is missing');
  const payload = channel.payload ?? 'application/fhir+json';
  if (payload !== 'application/fhir+json' && payload !== 'application/fhir+xml')
    wrong(
      'channel.payload',
      '只支持 application/fhir+json 与 application/fhir+xml',
      'Only application/fhir+json and application/fhir+xml are done',
    );
  const content = extensions(channel._payload, 'backport-payload-content')[0]?.valueCode ?? 'empty';
  if (content !== 'empty' && content !== 'id-only' && content !== 'full-resource')
    wrong('channel.payload', '未知的内容级别', 'The content level is not known');
  if (extensions(channel._type, 'backport-channel-type').length > 0)
    wrong('channel.type', '不支持自定义通道', 'Custom channels are not done');
  const headers = headersOf(channel.header, wrong);
  const ends = typeof resource.end === 'string' ? (dateRange(resource.end)?.start ?? null) : null;
  const asked = {
    topic: topic as Topic,
    filters,
    channel: type as Asked['channel'],
    endpoint: type === 'rest-hook' ? endpoint : null,
    headers,
    payload: payload as Asked['payload'],
    content: content as Content,
    heartbeat: number('heartbeat', 'backport-heartbeat-period'),
    timeout: number('timeout', 'backport-timeout') ?? defaults.timeout,
    maxCount: number('maxCount', 'backport-max-count') ?? defaults.maxCount,
    ends,
  };
  return issues.length > 0 ? issues : asked;
}

function headersOf(given: unknown, wrong: (path: string, zh: string, en: string) => void): [string, string][] {
  const list = Array.isArray(given) ? (given as string[]) : [];
  const read = list.flatMap((line): [string, string][] => {
    const [, name, value] = /^([A-Za-z0-9-]{1,60}): ?([\x20-\x7e]{0,2000})$/.exec(line) ?? [];
    return name && value !== undefined && !oursAlone.test(name) ? [[name, value]] : [];
  });
  if (read.length < list.length || list.length > limits.headers)
    wrong(
      'channel.header',
      `请求头应为“名称: 值”，最多 ${limits.headers} 个，且不能是由平台决定的请求头`,
      `Headers are "Name: value", ${limits.headers} at most, and none that the platform sets itself`,
    );
  return read;
}

/** `Type?query`: a search of that type without anything about pages or order. Several of one type must all hold. */
function filtersOf(resource: Resource, topic: Topic, issues: BorderIssue[]): Asked['filters'] {
  const at = 'Subscription.criteria';
  const filters: Asked['filters'] = [];
  const given = extensions(resource._criteria, 'backport-filter-criteria');
  for (const { valueString } of given.slice(0, limits.filters)) {
    const [type = '', query = ''] = String(valueString).split(/\?(.*)/s);
    if (!isResourceType(type) || !topic.triggers.some(({ resource: one }) => one === type)) {
      issues.push(
        issue(
          'business-rule',
          at,
          `主题不涉及资源类型“${type.slice(0, 40)}”`,
          `The topic does not tell of the type "${type.slice(0, 40)}"`,
        ),
      );
      continue;
    }
    const parsed = parseSearch(type as ResourceType, query, ownFilterNames);
    if (!parsed.ok) issues.push(...parsed.issues.map((found) => ({ ...fromValidator(found), path: at })));
    else {
      const { sort, includes, revincludes, count, total, summary, elements } = parsed.query;
      if (
        sort.length + includes.length + revincludes.length > 0 ||
        (count ?? total ?? summary ?? elements) !== undefined
      )
        issues.push(issue('business-rule', at, '过滤条件只能用于过滤', 'A filter criterion only filters'));
      else filters.push({ type: type as ResourceType, query });
    }
  }
  if (given.length > limits.filters)
    issues.push(
      issue('too-costly', at, `过滤条件最多 ${limits.filters} 个`, `There may be ${limits.filters} filter criteria`),
    );
  if (given.length === 0 && topic.filtered)
    issues.push(
      issue('business-rule', at, '该主题至少需要一个过滤条件', 'This topic needs a filter criterion at least'),
    );
  return filters;
}
