/** Public form of a resident's or source's id: opaque, and safe in a URL. */
export const publicId = (id: bigint): string => BigInt.asUintN(64, id).toString(36);
export function fromPublicId(text: string): bigint | null {
  if (!/^[0-9a-z]{1,13}$/.test(text)) return null;
  let value = 0n;
  for (const letter of text) value = value * 36n + BigInt(Number.parseInt(letter, 36));
  return value < 1n << 64n ? BigInt.asIntN(64, value) : null;
}
