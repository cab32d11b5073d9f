/** 'code.coding[0].code' → ['code', 'coding', 0, 'code']; 'value[x]' stays one step. undefined when it is no path. */
export function elementPath(path: string): (string | number)[] | undefined {
  const steps: (string | number)[] = [];
  for (const part of path.split('.')) {
    const parts = /^([a-z][A-Za-z0-9]*(?:\[x\])?)((?:\[\d{1,2}\])*)$/.exec(part);
    if (!parts) return undefined;
    steps.push(parts[1]!);
    for (const index of parts[2]!.match(/\d+/g) ?? []) steps.push(Number(index));
  }
  return steps;
}

/** Sets a value deep inside, making objects and lists on the way. */
export function place(target: Record<string, unknown>, steps: readonly (string | number)[], value: unknown): void {
  let holder: Record<string | number, unknown> = target;
  for (const [index, step] of steps.entries()) {
    const next = steps[index + 1];
    if (next === undefined) {
      holder[step] = value;
      return;
    }
    holder[step] ??= typeof next === 'number' ? [] : {};
    holder = holder[step] as Record<string | number, unknown>;
  }
}

/** Takes out what stayed empty; FHIR allows no empty objects, lists or holes in lists. */
export function prune(value: unknown): unknown {
  if (Array.isArray(value)) {
    const kept = value.map(prune).filter((one) => one !== undefined);
    return kept.length === 0 ? undefined : kept;
  }
  if (value === null || value === undefined || value === '') return undefined;
  if (typeof value !== 'object') return value;
  const kept = Object.entries(value).flatMap(([name, inner]) => {
    const left = prune(inner);
    return left === undefined ? [] : [[name, left] as const];
  });
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}
