import { at, parseTime, parseXml, pathOf, type XmlElement } from '../cda/index.ts';
import type { BorderIssue } from '../fact.ts';
import { issue } from './rules.ts';

/** What a message asks for. `tell` puts registrations in; the others ask about them. */
export type Act = 'register' | 'update' | 'merge' | 'find' | 'identifiers';

/** Interactions and what answers them: the ones of the Chinese regional services, and those of IHE PIX/PDQ V3 that differ. */
const interactions: Readonly<Record<string, { act: Act; good: string; bad: string }>> = {
  PRPA_IN201311UV02: { act: 'register', good: 'PRPA_IN201312UV02', bad: 'PRPA_IN201313UV02' },
  PRPA_IN201301UV02: { act: 'register', good: 'MCCI_IN000002UV01', bad: 'MCCI_IN000002UV01' },
  PRPA_IN201314UV02: { act: 'update', good: 'PRPA_IN201315UV02', bad: 'PRPA_IN201316UV02' },
  PRPA_IN201302UV02: { act: 'update', good: 'MCCI_IN000002UV01', bad: 'MCCI_IN000002UV01' },
  PRPA_IN201304UV02: { act: 'merge', good: 'MCCI_IN000002UV01', bad: 'MCCI_IN000002UV01' },
  PRPA_IN201305UV02: { act: 'find', good: 'PRPA_IN201306UV02', bad: 'PRPA_IN201306UV02' },
  PRPA_IN201309UV02: { act: 'identifiers', good: 'PRPA_IN201310UV02', bad: 'PRPA_IN201310UV02' },
};

/** A message that could be read. `id` is the sender's own; '' where it gives none. */
export type Message = {
  interaction: string;
  act: Act;
  answers: { good: string; bad: string };
  id: { root: string; extension: string };
  root: XmlElement;
  charset: string;
  /** ISO 8601 UTC, undefined where the message states no usable time. */
  createdAt: string | undefined;
  issues: BorderIssue[];
};

export const attribute = (element: XmlElement | undefined, name: string): string =>
  element?.attributes.get(name)?.trim() ?? '';

/** The regional services wrap lists (`<id><item root extension/></id>`), IHE states each value plainly; both are read. */
export const itemsOf = (element: XmlElement): XmlElement[] => {
  const items = element.children.filter(({ name }) => name === 'item');
  return items.length > 0 ? items : [element];
};

/** Bytes to a message, or the reasons why it is none. A DOCTYPE is refused whatever it holds, so there are no entities to expand. */
export function readMessage(bytes: Buffer): Message | BorderIssue[] {
  const found = parseXml(bytes);
  if (Array.isArray(found)) return found;
  const { root, charset, inNamespace } = found;
  const known = Object.hasOwn(interactions, root.name) ? interactions[root.name] : undefined;
  if (!known) return [issue('registration.interaction-unknown', '/', root.name)];
  const issues = inNamespace ? [] : [issue('registration.namespace', `/${root.name}`)];
  const element = at(root, 'id');
  const [id] = element ? itemsOf(element) : [];
  const time = at(root, 'creationTime');
  const created = time && parseTime(attribute(time, 'value'));
  if (time && !created) issues.push(issue('registration.bad-time', pathOf(time)));
  return {
    interaction: root.name,
    act: known.act,
    answers: known,
    id: { root: attribute(id, 'root'), extension: attribute(id, 'extension') },
    root,
    charset,
    createdAt: created?.instant,
    issues,
  };
}
