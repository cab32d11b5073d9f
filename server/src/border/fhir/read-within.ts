import { errors } from '@hutong/contract/errors.ts';
import { type Call, isRefusal, type Refusal, type Reply } from '../../core/access/index.ts';
import type { FhirDoor } from './door.ts';
import { everything } from './everything.ts';
import { instanceHistory, typeHistory } from './history.ts';
import { outcomeOf } from './outcome.ts';
import { readOne, readOneVersion } from './read-one.ts';
import { search } from './search.ts';

/** A GET inside a bundle: the same answer as the address alone would get, as a bundle entry. */
export async function readWithin(door: FhirDoor, call: Call, url: string): Promise<object> {
  const reply = await answer(door, call, url);
  if (isRefusal(reply)) {
    const { status, zh, en } = errors[reply.refusal];
    return {
      response: {
        status: String(status),
        outcome: outcomeOf([
          {
            severity: 'error',
            rule: status === 404 ? 'fhir.not-found' : status === 403 ? 'fhir.forbidden' : 'fhir.processing',
            path: '',
            zh: reply.detail?.zh ?? zh,
            en: reply.detail?.en ?? en,
          },
        ]),
      },
    };
  }
  const { status = 200, headers, body } = reply;
  const resource = typeof body === 'string' ? (JSON.parse(body) as object) : (body as object | undefined);
  if (status >= 400) return { response: { status: String(status), outcome: resource } };
  return {
    ...(resource && { resource }),
    response: { status: String(status), ...(headers?.etag && { etag: headers.etag }) },
  };
}

async function answer(door: FhirDoor, call: Call, url: string): Promise<Reply | Refusal> {
  const [path = '', rawQuery = ''] = url.split(/\?(.*)/s, 2);
  const [type, second, third, fourth, more] = path.split('/').filter((step) => step !== '');
  const within = (params: Record<string, string>): Call => ({ ...call, params, rawQuery, headers: {} });
  const nothing: Reply = {
    status: 404,
    body: outcomeOf([
      { severity: 'error', rule: 'fhir.not-found', path: '', zh: '没有这个地址', en: 'There is no such address' },
    ]),
  };
  if (more !== undefined) return nothing;
  if (type === undefined) return search(door, within({}), rawQuery);
  if (type === '_history') return second === undefined ? typeHistory(door, within({})) : nothing;
  if (second === undefined) return search(door, within({ type }), rawQuery);
  if (second === '_history') return third === undefined ? typeHistory(door, within({ type })) : nothing;
  if (third === undefined) return readOne(door, within({ type, id: second }));
  if (third === '$everything')
    return type === 'Patient' && fourth === undefined ? everything(door, within({ type, id: second })) : nothing;
  if (third !== '_history') return nothing;
  return fourth === undefined
    ? instanceHistory(door, within({ type, id: second }))
    : readOneVersion(door, within({ type, id: second, version: fourth }));
}
