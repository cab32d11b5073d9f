import { fromXml, toXml } from '@hutong/fhir';
import { type Call, isRefusal, type Reply, type Route } from '../../core/access/index.ts';
import type { BorderIssue } from '../fact.ts';
import { standIn } from './body.ts';
import { issue } from './outcome.ts';

const xmlFormats = new Set(['xml', 'text/xml', 'application/xml', 'application/fhir+xml', 'application/fhir xml']);
const isXml = (type: string | undefined): boolean =>
  xmlFormats.has((type ?? '').split(';')[0]?.trim().toLowerCase() ?? '');

/** `_format` decides, then Accept if it names XML first (FHIR R4 §3.1.0.1.9). The address goes on without an XML `_format`. */
function asked(call: Call): { xml: boolean; byAddress: boolean; rawQuery: string } {
  const format = call.rawQuery === '' ? null : new URLSearchParams(call.rawQuery).get('_format');
  if (format === null)
    return { xml: isXml(call.headers.accept?.split(',')[0]), byAddress: false, rawQuery: call.rawQuery };
  if (!isXml(format)) return { xml: false, byAddress: false, rawQuery: call.rawQuery };
  const rawQuery = call.rawQuery
    .split('&')
    .filter((one) => !one.startsWith('_format='))
    .join('&');
  return { xml: true, byAddress: true, rawQuery };
}

/** Pages are asked for by their address alone: it must say XML again. */
const pageAddresses = (text: string): string =>
  text.replace(
    /("relation":"(?:next|self)","url":"[^"]*?)(")/g,
    (_all, url: string, quote: string) => `${url}${url.includes('?') ? '&' : '?'}_format=xml${quote}`,
  );

function inXml(reply: Reply, byAddress: boolean): Reply {
  const { body } = reply;
  if (body === undefined || body === null || typeof (body as { pipe?: unknown }).pipe === 'function') return reply;
  const text = typeof body === 'string' ? body : Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body);
  if (!text.startsWith('{')) return reply;
  return {
    ...reply,
    headers: { ...reply.headers, 'content-type': 'application/fhir+xml; charset=utf-8' },
    body: toXml(byAddress ? pageAddresses(text) : text),
  };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function translatedFrom(bytes: Buffer): Buffer | BorderIssue[] {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return [issue('invalid', '', '内容不是有效的 UTF-8', 'The content is not valid UTF-8')];
  }
  const read = fromXml(text);
  return read.ok ? Buffer.from(read.json) : [issue('structure', read.at, read.zh, read.en)];
}

/**
 * Lets a route answer in XML when the caller asks for it, and take XML: the route reads the JSON that stands for it, and a message is kept as it
 * came.
 */
export function withXml(route: Route): Route {
  return {
    ...route,
    async handle(call) {
      const { xml, byAddress, rawQuery } = asked(call);
      let given: Call = xml ? { ...call, rawQuery } : call;
      if (Buffer.isBuffer(call.body) && call.body.length > 0 && isXml(call.headers['content-type']))
        given = {
          ...given,
          body: standIn(call.body, translatedFrom(call.body)),
          headers: { ...call.headers, 'content-type': 'application/fhir+json' },
        };
      const answer = await route.handle(given);
      return xml && !isRefusal(answer) ? inXml(answer, byAddress) : answer;
    },
  };
}
