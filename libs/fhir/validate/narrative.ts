// txt-1: narrative XHTML holds basic formatting only (http://hl7.org/fhir/R4/narrative.html#xhtml). Every "<" must begin a
// comment or a well-formed tag of an allowed element; attributes must be quoted, as XML wants them. That keeps scripts,
// forms, frames and event handlers out of the record, however they are written.

const ELEMENTS = new Set(
  'a abbr acronym b bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img ins kbd li map area ol p pre q s samp small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var'.split(
    ' ',
  ),
);
const TAG = /<\/?([A-Za-z][A-Za-z0-9]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*\/?>/y;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ADDRESSES = new Set(['href', 'src', 'background', 'xlink:href']);
/** Schemes that run or embed something, and any attempt to write a scheme with character references. */
const UNSAFE_ADDRESS = /^(?:javascript:|vbscript:|data:(?!image\/)|[^/?]{0,40}&(?:#|colon|tab|newline))/;

function areSafe(attributes: string): boolean {
  for (const [, name = '', double, single] of attributes.matchAll(ATTRIBUTE)) {
    const lower = name.toLowerCase();
    if (lower.startsWith('on')) return false;
    if (!ADDRESSES.has(lower)) continue;
    const address = (double ?? single ?? '').replace(/\s/g, '').toLowerCase();
    if (UNSAFE_ADDRESS.test(address)) return false;
  }
  return true;
}

export function isSafeNarrative(div: string): boolean {
  const s = div.trim();
  if (!s.startsWith('<div') || !(s.endsWith('</div>') || s.endsWith('/>'))) return false;
  for (let at = s.indexOf('<'); at >= 0; at = s.indexOf('<', at)) {
    if (s.startsWith('<!--', at)) {
      const end = s.indexOf('-->', at + 4);
      if (end < 0) return false;
      at = end;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(s);
    if (tag === null || !ELEMENTS.has((tag[1] ?? '').toLowerCase())) return false;
    if (tag[2] !== undefined && tag[2] !== '' && !areSafe(tag[2])) return false;
    at = TAG.lastIndex;
  }
  return true;
}
