// Takes a literal reference apart (http://hl7.org/fhir/R4/references.html#literal).
import { isResourceType } from '../resource-types.ts';

/** Parts of a reference string. `url` is set when it is not relative: absolute, urn:, or '#' for a contained resource. */
export type ReferenceParts = {
  type: string | undefined;
  id: string | undefined;
  version: string | undefined;
  url: string | undefined;
};

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * 'Patient/1', 'Patient/1/_history/2', 'https://x.cn/fhir/Patient/1', 'urn:uuid:...', '#p'. `type` and `id` are set
 * where the string says them, also for absolute addresses; whether an address is one's own is for the caller to say.
 */
export function parseReference(s: string): ReferenceParts {
  const parts: ReferenceParts = { type: undefined, id: undefined, version: undefined, url: undefined };
  let path = s;
  const history = s.indexOf('/_history/');
  if (history >= 0) {
    parts.version = s.slice(history + 10);
    path = s.slice(0, history);
  }
  const slash = path.lastIndexOf('/');
  const before = slash > 0 ? path.lastIndexOf('/', slash - 1) : -1;
  if (before >= 0 || slash < 0) parts.url = s;
  if (slash > 0 && !path.startsWith('urn:')) {
    const type = path.slice(before + 1, slash);
    const id = path.slice(slash + 1);
    if (isResourceType(type) && ID.test(id)) {
      parts.type = type;
      parts.id = id;
    } else parts.url = s;
  }
  return parts;
}

/** The type a reference element points to, as far as the element itself or the resource around it says. */
export function referenceType(x: unknown, container: Record<string, unknown> | undefined): string | undefined {
  if (typeof x !== 'object' || x === null) return undefined;
  const { reference, type } = x as { reference?: unknown; type?: unknown };
  if (typeof reference === 'string') {
    if (reference.charCodeAt(0) === 35) return containedType(reference.slice(1), container) ?? stated(type);
    const query = reference.indexOf('?');
    if (query > 0) {
      const name = reference.slice(reference.lastIndexOf('/', query) + 1, query);
      if (isResourceType(name)) return name;
    }
    const parsed = parseReference(reference).type;
    if (parsed !== undefined) return parsed;
  }
  return stated(type);
}

function stated(type: unknown): string | undefined {
  return typeof type === 'string' && isResourceType(type) ? type : undefined;
}

function containedType(id: string, container: Record<string, unknown> | undefined): string | undefined {
  if (id === '') return stated(container?.resourceType);
  const contained = container?.contained;
  if (!Array.isArray(contained)) return undefined;
  const hit: unknown = contained.find(
    (r: unknown) => typeof r === 'object' && r !== null && (r as { id?: unknown }).id === id,
  );
  return hit === undefined ? undefined : stated((hit as { resourceType?: unknown }).resourceType);
}
