import type { Planned } from '../messages/message.ts';

export type Json = { [key: string]: unknown };

/** Namespace of numbers that the institution itself gives. */
export function localSystem(message: Planned): string {
  return `urn:hutong:institution:${message.institution.code}`;
}

/** Narrative that says what no element can hold. */
export function noted(text: string): Json {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${escaped}</div>` };
}
