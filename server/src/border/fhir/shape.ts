import { elementNames, elementsOf, isResourceType, type SearchQuery, summaryOf } from '@hutong/fhir';
import type { Reply } from '../../core/access/index.ts';
import { outcome } from './door.ts';
import { issue } from './outcome.ts';

/** How a body is handed out: whole (the stored text, untouched), cut, or printed for people. */
export type Shape = {
  summary: 'true' | 'text' | 'data' | undefined;
  elements: readonly string[] | undefined;
  pretty: boolean;
};

const asStored: Shape = { summary: undefined, elements: undefined, pretty: false };
const formats = new Set(['json', 'application/json', 'application/fhir+json', 'application/fhir json', 'text/json']);
const summaries = ['true', 'text', 'data', 'count', 'false'];

const bad = (name: string, zh: string, en: string, status = 400): { reply: Reply } => ({
  reply: outcome(status, [issue(status === 406 ? 'not-supported' : 'value', name, zh, en)]),
});

/** `_format` other than JSON is refused, not answered in JSON all the same. */
export function formatRefusal(format: string | null | undefined): { reply: Reply } | null {
  return format === null || format === undefined || formats.has(format.toLowerCase())
    ? null
    : bad('_format', '只提供 JSON 与 XML 格式', 'Only JSON and XML are given', 406);
}

/** The parameters of a read; one that is unknown is refused by name. */
export function shapeOf(type: string, rawQuery: string): Shape | { reply: Reply } {
  if (rawQuery === '') return asStored;
  const shape: Shape = { ...asStored };
  for (const [name, value] of new URLSearchParams(rawQuery)) {
    switch (name) {
      case '_format': {
        const refusal = formatRefusal(value);
        if (refusal) return refusal;
        break;
      }
      case '_pretty':
        shape.pretty = value === 'true';
        break;
      case '_summary':
        if (!summaries.includes(value) || value === 'count')
          return bad(name, '_summary 应为 true、text、data 或 false', '_summary must be true, text, data or false');
        shape.summary = value === 'false' ? undefined : (value as Shape['summary']);
        break;
      case '_elements': {
        shape.elements = value.split(',');
        const unknown = isResourceType(type)
          ? shape.elements.find((element) => !elementNames(type).includes(element))
          : undefined;
        if (unknown !== undefined)
          return bad(
            name,
            `${type} 没有元素“${unknown.slice(0, 40)}”`,
            `${type} has no element "${unknown.slice(0, 40)}"`,
          );
        break;
      }
      default:
        return bad(
          name.slice(0, 60),
          `未知参数“${name.slice(0, 60)}”`,
          `The parameter "${name.slice(0, 60)}" is not known`,
        );
    }
  }
  return shape;
}

export const shapeOfSearch = ({ summary, elements, own }: SearchQuery): Shape => ({
  summary: summary === 'true' || summary === 'text' || summary === 'data' ? summary : undefined,
  elements,
  pretty: own._pretty === 'true',
});

export function shaped(body: string, { summary, elements, pretty }: Shape): string {
  if (!summary && !elements && !pretty) return body;
  const resource = JSON.parse(body) as object;
  const cut = elements ? elementsOf(resource, elements) : summary ? summaryOf(resource, summary) : resource;
  return JSON.stringify(cut, null, pretty ? 2 : undefined);
}
