import type { Header, Message } from './message.ts';
import { header } from './parse.ts';

/** What the inbox shows of a message; nothing in it is about a person. Empty strings where the sender says nothing. */
export type Summary = {
  /** 'ADT^A01' */
  kind: string;
  type: string;
  event: string;
  controlId: string;
  /** MSH-3.1 and MSH-4.1: the directory knows the sender by these two. */
  application: string;
  facility: string;
  version: string;
  charset: string;
  segments: number;
};

/** `ADT^A01`, or `ADT` when MSH-9 names no event. */
export function kindOf(head: Pick<Header, 'type' | 'event'>): string {
  return head.event ? `${head.type}^${head.event}` : head.type;
}

export function describe(message: Message): Summary {
  const head = header(message);
  return {
    kind: kindOf(head),
    type: head.type,
    event: head.event,
    controlId: head.controlId,
    application: head.sendingApplication,
    facility: head.sendingFacility,
    version: head.version,
    charset: message.charset,
    segments: message.segments.length,
  };
}
