/** A page's filters live in its address, as plain texts; anything else in the address is dropped. */
export const filters =
  <const Names extends readonly string[]>(...names: Names) =>
  (search: Record<string, unknown>): { [Name in Names[number]]?: string } => {
    const kept: Record<string, string> = {};
    for (const name of names) if (typeof search[name] === 'string' && search[name] !== '') kept[name] = search[name];
    return kept as { [Name in Names[number]]?: string };
  };
