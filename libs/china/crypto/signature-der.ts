/**
 * An SM2 signature of 64 bytes (r || s) as the DER SEQUENCE of two INTEGERs that certificates and most
 * hardware modules use (GB/T 35276-2017 clause 7.3).
 */
export function sm2SignatureToDer(signature: Uint8Array): Uint8Array {
  if (signature.length !== 64) throw new RangeError('expected a signature of 64 bytes');
  const body = Buffer.concat([integer(signature.subarray(0, 32)), integer(signature.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

/** The 64 bytes r || s of a DER signature; null when it is not one, or not in its only (shortest) form. */
export function sm2SignatureFromDer(der: Uint8Array): Uint8Array | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  const r = readInteger(der, 2);
  const s = r && readInteger(der, r.end);
  if (!r || !s || s.end !== der.length) return null;
  return Buffer.concat([r.value, s.value]);
}

function integer(fixed: Uint8Array): Buffer {
  let start = 0;
  while (start < 31 && fixed[start] === 0) start++;
  const value = fixed.subarray(start);
  const sign = value[0]! >= 0x80 ? [0] : [];
  return Buffer.from([0x02, value.length + sign.length, ...sign, ...value]);
}

function readInteger(der: Uint8Array, at: number): { value: Buffer; end: number } | null {
  const length = der[at + 1];
  if (der[at] !== 0x02 || length === undefined || length === 0 || length > 33) return null;
  const end = at + 2 + length;
  if (end > der.length) return null;
  const bytes = der.subarray(at + 2, end);
  const padded = bytes[0] === 0;
  if (bytes[0]! >= 0x80 || (padded && length > 1 && bytes[1]! < 0x80) || (length === 33 && !padded)) return null;
  const plain = padded ? bytes.subarray(1) : bytes;
  const value = Buffer.alloc(32);
  value.set(plain, 32 - plain.length);
  return { value, end };
}
