// What elements a type has: names, types, how often. From the same definitions as the validators.
import { elementTable } from './generated-code.ts';

/**
 * One element of a type or of a place with children of its own. `name` is without "[x]"; `types` are the codes it may take ('Resource' for
 * any resource, [] when its children are defined at `content`); `max` is Infinity for "*".
 */
export type ElementInfo = {
  readonly name: string;
  readonly choice: boolean;
  readonly min: number;
  readonly max: number;
  readonly types: readonly string[];
  readonly content: string | undefined;
};
/** An element under the name it has in JSON, with the type that name says. `node` is where its children are defined. */
export type NamedElement = { readonly element: ElementInfo; readonly type: string; readonly node: string };

const nodes = new Map<string, readonly ElementInfo[]>();
const named = new Map<string, ReadonlyMap<string, NamedElement>>();
let primitives: ReadonlySet<string> | undefined;

/** The elements of a type ('HumanName', 'Patient') or place ('Patient.contact') in their order; [] when there is no such node. */
export function elementsAt(node: string): readonly ElementInfo[] {
  let found = nodes.get(node);
  if (found === undefined) {
    const rows = Object.hasOwn(elementTable().nodes, node) ? (elementTable().nodes[node] ?? []) : [];
    found = rows.map(([name, min, max, types, content]) => ({
      name: name.replace('[x]', ''),
      choice: name.endsWith('[x]'),
      min,
      max: max < 0 ? Number.POSITIVE_INFINITY : max,
      types: types === '' ? [] : types.split(' '),
      content,
    }));
    nodes.set(node, found);
  }
  return found;
}

export const isPrimitiveType = (type: string): boolean => {
  primitives ??= new Set(elementTable().primitives);
  return primitives.has(type);
};

/** The member of a JSON object in terms of its type: 'valueQuantity' of an Observation is `value` as a Quantity. */
export function elementNamed(node: string, json: string): NamedElement | undefined {
  let map = named.get(node);
  if (map === undefined) {
    map = new Map(
      elementsAt(node).flatMap((element): [string, NamedElement][] =>
        element.choice
          ? element.types.map((type) => [
              element.name + type.charAt(0).toUpperCase() + type.slice(1),
              { element, type, node: type },
            ])
          : [
              [
                element.name,
                {
                  element,
                  type: element.types[0] ?? 'BackboneElement',
                  node: element.content ?? element.types[0] ?? '',
                },
              ],
            ],
      ),
    );
    named.set(node, map);
  }
  return map.get(json);
}
