import { dateRange, isResourceType, type ResourceType } from '@hutong/fhir';
import type { Reply } from '../../../core/access/index.ts';
import { outcome } from '../door.ts';
import { issue } from '../outcome.ts';

/** What is asked for, and under whose eyes: everything that the work needs, so that any server can do it. */
export type ExportRequest = {
  level: 'system' | 'Patient' | 'Group';
  group: string | null;
  types: ResourceType[];
  since: number | null;
  /** 'Type?query', each within the client's scopes. */
  typeFilters: string[];
  /** Our own FHIR address as the client sees it. */
  base: string;
  /** The client's kind, role, permissions and scopes when it asked; who may see a group's members is asked again when they are read. */
  caller: { role: string; permissions: readonly string[]; scopes: readonly string[] };
};

/** One file of the export: `bytes` is how much of it is durable; whatever a stopped server wrote beyond is cut off. */
export type ExportFile = { type: ResourceType; count: number; bytes: number };

/** `phase` people: every look is noted first; then one type after the other, its current rows, then those superseded meanwhile. */
export type Progress = {
  phase: 'people' | 'rows' | 'superseded';
  /** Index into the request's types. */
  type: number;
  after: string | null;
  files: ExportFile[];
};

export const firstProgress: Progress = { phase: 'people', type: 0, after: null, files: [] };

export type Asked = Pick<ExportRequest, 'since' | 'typeFilters'> & { types: ResourceType[] | null };

const formats = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson']);

const bad = (name: string, zh: string, en: string): { reply: Reply } => ({
  reply: outcome(400, [issue('value', name, zh, en)]),
});

/** Reads the parameters of a kick-off (Bulk Data Access 2.0, "Query Parameters"); what is not known or not done is refused by name. */
export function askedOf(parameters: URLSearchParams): Asked | { reply: Reply } {
  const asked: Asked = { types: null, since: null, typeFilters: [] };
  for (const [given, value] of parameters) {
    const name = given.slice(0, 60);
    if (name === '_outputFormat') {
      if (!formats.has(value.replaceAll(' ', '+')))
        return bad(name, '只提供 NDJSON 格式', 'Only application/fhir+ndjson is given');
    } else if (name === '_type') {
      const types = value.split(',');
      const unknown = types.find((type) => !isResourceType(type));
      if (unknown !== undefined)
        return bad(
          name,
          `没有资源类型“${unknown.slice(0, 40)}”`,
          `There is no resource type "${unknown.slice(0, 40)}"`,
        );
      asked.types = [...new Set([...(asked.types ?? []), ...(types as ResourceType[])])];
    } else if (name === '_since') {
      const range = dateRange(value);
      if (!range || !value.includes('T')) return bad(name, '_since 应为时刻', '_since must be an instant');
      asked.since = range.start;
    } else if (name === '_typeFilter') asked.typeFilters.push(...value.split(',').map(decodeOnce));
    else return bad(name, `不支持参数“${name}”`, `The parameter "${name}" is not supported`);
  }
  return asked;
}

/** The filter's own query is percent-encoded once more inside the parameter; one that is not has nothing to decode. */
function decodeOnce(text: string): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

/** The manifest of a finished export (Bulk Data Access 2.0, "Response - Complete Status"). */
export function manifest(
  job: { id: string; asked: Date; address: string; progress: Progress },
  base: string,
): Record<string, unknown> {
  return {
    transactionTime: job.asked.toISOString(),
    request: job.address,
    requiresAccessToken: true,
    output: job.progress.files.flatMap(({ type, count }, number) =>
      count > 0 ? [{ type, url: `${base}/$export-file/${job.id}/${number}`, count }] : [],
    ),
    deleted: [],
    error: [],
  };
}
