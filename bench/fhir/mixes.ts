import { closedLoop, type Outcome, type Step } from './closed-loop.ts';
import type { Live, Resource } from './harvest.ts';
import type { Shape } from './shapes.ts';
import { headerOf, type Target } from './wire.ts';

const one = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T;
const ok = ({ status }: { status: number }): boolean => status === 200;

/** Read by id, over everything that was seen. */
export function reads(target: Target, live: Live, connections: number, seconds: number): Promise<Outcome> {
  return closedLoop(target, connections, seconds, () => {
    const { resourceType, id } = one(live.resources);
    return { kind: 'read', method: 'GET', path: `/${resourceType}/${id}`, good: ok };
  });
}

/**
 * Create 10, read 60, update 25, delete 5. Each connection changes and deletes what is its own, so that no error is somebody else's write; what
 * is created is an observation of a live patient.
 */
export function crud(target: Target, live: Live, connections: number, seconds: number): Promise<Outcome> {
  const template = live.resources.find(({ resourceType }) => resourceType === 'Observation') as Resource;
  const changeable = live.resources.filter(({ resourceType }) => resourceType !== 'Patient');
  const own: Resource[][] = Array.from({ length: connections }, (_, n) =>
    changeable.filter((_one, at) => at % connections === n),
  );
  const created: string[][] = Array.from({ length: connections }, () => []);
  const create = (mine: string[]): Step => {
    const { id: _id, meta: _meta, ...rest } = template;
    const body = JSON.stringify({
      ...rest,
      subject: { reference: `Patient/${one(live.patients).id}` },
      encounter: undefined,
      valueQuantity: { value: Math.round(Math.random() * 1000) / 10, unit: 'g/L' },
    });
    return {
      kind: 'create',
      method: 'POST',
      path: '/Observation',
      body,
      good: ({ status }) => status === 201,
      taken: (answer) => {
        const id = /Observation\/([^/]+)/.exec(headerOf(answer, 'location') ?? '')?.[1];
        if (id) mine.push(id);
      },
    };
  };
  return closedLoop(target, connections, seconds, (number) => {
    const mine = created[number] as string[];
    const dice = Math.random() * 100;
    if (dice < 10) return create(mine);
    if (dice < 70) {
      const { resourceType, id } = one(live.resources);
      return { kind: 'read', method: 'GET', path: `/${resourceType}/${id}`, good: ok };
    }
    if (dice < 95) {
      const resource = one(own[number] as Resource[]);
      const { meta: _meta, ...rest } = resource;
      const body = JSON.stringify({ ...rest, language: one(['zh-CN', 'en', 'zh-TW', 'bo', 'ug']) });
      return { kind: 'update', method: 'PUT', path: `/${resource.resourceType}/${resource.id}`, body, good: ok };
    }
    const id = mine.pop();
    if (id === undefined) return create(mine);
    return {
      kind: 'delete',
      method: 'DELETE',
      path: `/Observation/${id}`,
      good: ({ status }) => status === 204 || status === 200,
    };
  });
}

/** All thirty shapes, each as often as any other. A shape that finds nothing at all tells nothing: `empty` names those. */
export async function searches(
  target: Target,
  live: Live,
  shapes: readonly Shape[],
  connections: number,
  seconds: number,
): Promise<Outcome & { empty: string[] }> {
  const matched = new Set<string>();
  let turn = 0;
  const outcome = await closedLoop(target, connections, seconds, () => {
    const shape = shapes[turn++ % shapes.length] as Shape;
    return {
      kind: shape.name,
      method: 'GET',
      path: shape.query(live),
      good: ok,
      taken: ({ body }) => {
        if (!matched.has(shape.name) && body.includes('"fullUrl"')) matched.add(shape.name);
      },
    };
  });
  return { ...outcome, empty: shapes.map(({ name }) => name).filter((name) => !matched.has(name)) };
}
