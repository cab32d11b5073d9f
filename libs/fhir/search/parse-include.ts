import { isResourceType, type ResourceType, resourceTypes } from '../resource-types.ts';
import { searchParameters } from './parameters.ts';
import type { Include } from './query.ts';
import { isRefusal, type Refusal, refuse, shown, unknownParameter, unknownType } from './refusal.ts';

function referenceCodes(type: ResourceType): string[] {
  return [...searchParameters(type).values()].filter((p) => p.type === 'reference').map((p) => p.code);
}

function read(at: string, raw: string): Omit<Include, 'iterate'> | Refusal {
  if (raw === '*') return { source: '*', param: '*', target: undefined };
  const [source = '', name = '', target, more] = raw.split(':');
  if (source === '' || name === '' || more !== undefined) {
    return refuse(
      'value',
      at,
      `"${shown(at)}=${shown(raw)}" is not of the form Type:parameter.`,
      `“${shown(at)}=${shown(raw)}”应为 类型:参数 的形式。`,
    );
  }
  const here = `${at}=${raw}`;
  if (source !== '*' && !isResourceType(source)) return unknownType(source, here, resourceTypes);
  if (target !== undefined && !isResourceType(target)) return unknownType(target, here, resourceTypes);
  if (name === '*') return { source, param: '*', target };
  if (source === '*') {
    return refuse(
      'value',
      at,
      `"${shown(here)}": a parameter needs a type before it.`,
      `“${shown(here)}”：参数前须有类型。`,
    );
  }
  const param = searchParameters(source).get(name);
  if (param === undefined) return unknownParameter(name, source, referenceCodes(source));
  if (param.type !== 'reference') {
    return refuse(
      'invalid',
      at,
      `"${shown(here)}": ${name} of ${source} is not a reference.`,
      `“${shown(here)}”：${source} 的 ${name} 不是引用。`,
    );
  }
  if (target !== undefined && !param.targets.includes(target)) {
    return refuse(
      'invalid',
      at,
      `"${shown(here)}": ${name} of ${source} never refers to ${target}.`,
      `“${shown(here)}”：${source} 的 ${name} 不会引用 ${target}。`,
    );
  }
  return { source, param: name, target };
}

/** Types an include's reference may lead to. */
function targetsOf(i: Omit<Include, 'iterate'>): readonly ResourceType[] {
  if (i.target !== undefined) return [i.target];
  if (i.source === '*') return resourceTypes;
  const params = searchParameters(i.source);
  const codes = i.param === '*' ? referenceCodes(i.source) : [i.param];
  return codes.flatMap((c) => params.get(c)?.targets ?? []);
}

/**
 * `_include` (`reverse` false) or `_revinclude` with its modifier. One that can never add anything to a search for
 * `types` is refused: its author expected something.
 */
export function parseInclude(
  at: string,
  modifier: string | undefined,
  raw: string,
  types: readonly ResourceType[],
  reverse: boolean,
): Include | Refusal {
  if (modifier !== undefined && modifier !== 'iterate') {
    return refuse(
      'not-supported',
      at,
      `Modifier ":${shown(modifier)}" of "${shown(at)}" is not supported; there is ":iterate".`,
      `“${shown(at)}”不支持修饰符“:${shown(modifier)}”，可用“:iterate”。`,
    );
  }
  const include = read(at, raw);
  if (isRefusal(include)) return include;
  const iterate = modifier === 'iterate';
  if (!iterate && types.length > 0) {
    const idle = reverse
      ? !targetsOf(include).some((t) => types.includes(t))
      : include.source !== '*' && !types.includes(include.source);
    if (idle) {
      return refuse(
        'invalid',
        at,
        `"${shown(at)}=${shown(raw)}" adds nothing to a search for ${types.join(', ')}; should it be "${shown(at)}:iterate"?`,
        `“${shown(at)}=${shown(raw)}”对 ${types.join('、')} 的检索不起作用；是否应为“${shown(at)}:iterate”？`,
      );
    }
  }
  return { ...include, iterate };
}
