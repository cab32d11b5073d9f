import iconv from 'iconv-lite';

export type FileKind = 'fhir-json' | 'fhir-ndjson' | 'hl7v2' | 'hl7v2-batch' | 'cda' | 'csv' | 'gzip' | 'unknown';

/** As many first bytes as are looked at; more does no harm. */
export const SNIFF_BYTES = 4096;

/**
 * What a file is, by its first bytes; its name (or a content type's last word) only decides where bytes cannot: a table
 * without a comma, a JSON object that does not name its type in the first 4 KB.
 */
export function sniff(name: string | undefined, firstBytes: Uint8Array): FileKind {
  if (firstBytes[0] === 0x1f && firstBytes[1] === 0x8b) return 'gzip';
  const text = startText(firstBytes);
  // MLLP's frame marks may stand in a file of messages.
  const plain = text.replaceAll('\x1c', '\n').trimStart();
  const extension = /\.([a-z0-9]+)$/i.exec(name ?? '')?.[1]?.toLowerCase() ?? '';
  if (plain === '') return 'unknown';
  if (/^(FHS|BHS)[^A-Za-z0-9\s]/.test(plain)) return 'hl7v2-batch';
  if (/^MSH[^A-Za-z0-9\s]/.test(plain))
    return /[\r\n]\s*MSH[^A-Za-z0-9\s]/.test(plain.slice(3)) ? 'hl7v2-batch' : 'hl7v2';
  if (plain.startsWith('<')) return xmlKind(plain);
  if (plain.startsWith('{') || plain.startsWith('[')) return jsonKind(plain, extension);
  return isTable(plain, extension) ? 'csv' : 'unknown';
}

function startText(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, SNIFF_BYTES));
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return head.toString('utf8', 3);
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0))
    return iconv.decode(head, 'utf-16le').replace(/^\ufeff/, '');
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c))
    return iconv.decode(head, 'utf-16be').replace(/^\ufeff/, '');
  // Only ASCII is looked at from here on, and it is the same in UTF-8 and in GB18030's first bytes.
  return head.toString('latin1');
}

function xmlKind(text: string): FileKind {
  const bare = text.replace(/<!--[\s\S]*?-->/g, '');
  return /<(?:[\w.-]+:)?ClinicalDocument[\s/>]/.test(bare) ? 'cda' : 'unknown';
}

function jsonKind(text: string, extension: string): FileKind {
  const lines = text.split(/\r?\n/);
  const first = lines[0]!.trim();
  // One whole object on the first line and another begun on the next, or a long first line in a file that says so.
  if (first.startsWith('{') && (lines[1] ?? '').trimStart().startsWith('{') && first.endsWith('}'))
    return 'fhir-ndjson';
  if (extension === 'ndjson' || extension === 'jsonl') return 'fhir-ndjson';
  if (/"resourceType"\s*:/.test(text)) return 'fhir-json';
  return extension === 'json' || extension === 'fhir' ? 'fhir-json' : 'unknown';
}

function isTable(text: string, extension: string): boolean {
  if (isBinary(text)) return false;
  const [header = '', second = ''] = text.split(/\r?\n/);
  if (extension === 'csv' || extension === 'tsv') return true;
  if (extension !== '' && extension !== 'txt') return false;
  return [',', '\t', '|', ';'].some((mark) => {
    const columns = header.split(mark).length;
    return columns > 1 && second.split(mark).length >= columns;
  });
}

function isBinary(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 9 || (code > 13 && code < 32)) return true;
  }
  return false;
}
