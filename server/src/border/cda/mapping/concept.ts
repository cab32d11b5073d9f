import type { Context } from '../context.ts';
import { children, type XmlElement } from '../read/element.ts';
import { coded } from '../read/statement.ts';
import { type Coding, codings } from '../systems.ts';

/**
 * A coded element with its translations as codings, the sender's first choice first, and the first name that is given. `list`
 * names the sender's own list for codes without a system.
 */
export function codingsOf(
  context: Context,
  element: XmlElement | undefined,
  list: string,
): { coding: Coding[]; display: string } {
  const all = [element, ...children(element, 'translation')].map((one) => coded(context.reading, one));
  return {
    coding: all.flatMap(({ code, system, display }) =>
      code === '' ? [] : codings(code, system, display, context.local(list)),
    ),
    display: all.find(({ display }) => display !== '')?.display ?? '',
  };
}
