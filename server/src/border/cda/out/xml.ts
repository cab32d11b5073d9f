/** Characters that XML 1.0 cannot carry at all; a terminal's bell in a doctor's text is no reason to fail. */
function legal(text: string): string {
  let out = '';
  for (const mark of text) {
    const code = mark.codePointAt(0)!;
    const kept =
      code === 9 ||
      code === 10 ||
      code === 13 ||
      (code >= 0x20 && code <= 0xd7ff) ||
      (code >= 0xe000 && code <= 0xfffd) ||
      code >= 0x10000;
    if (kept) out += mark;
  }
  return out;
}

export function escapeText(text: string): string {
  return legal(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
}

const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;');

/** An element of the output; made by {@link node} only, so that everything in it is escaped. */
export type Node = { name: string; attributes: [string, string][]; children: (Node | string)[] };

type Child = Node | string | undefined | false | Child[];

/** Attributes that are undefined are left out; '' is kept, because the national templates carry empty ones. */
export function node(name: string, attributes: Record<string, string | undefined> = {}, ...children: Child[]): Node {
  const kept = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { name, attributes: kept, children: flatten(children) };
}

function flatten(children: Child[]): (Node | string)[] {
  return children.flatMap((child) =>
    Array.isArray(child) ? flatten(child) : child === undefined || child === false ? [] : [child],
  );
}

/** Indented XML; an element with text stays on one line, so that no blank gets into a value. */
export function render(element: Node, depth = 0): string {
  const pad = '  '.repeat(depth);
  const open = `<${element.name}${element.attributes.map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`).join('')}`;
  if (element.children.length === 0) return `${pad}${open}/>`;
  if (element.children.every((child) => typeof child === 'string')) {
    return `${pad}${open}>${element.children.map(escapeText).join('')}</${element.name}>`;
  }
  const inner = element.children.map((child) =>
    typeof child === 'string' ? escapeText(child) : render(child, depth + 1),
  );
  return `${pad}${open}>\n${inner.join('\n')}\n${pad}</${element.name}>`;
}
