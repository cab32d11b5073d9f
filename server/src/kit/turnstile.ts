/**
 * Lets in as much work at once as `most` allows, the rest in the order of arrival: what waits outside holds nothing but its bytes. One piece
 * larger than `most` goes in alone.
 * @param most in whatever the weights are counted in
 * @returns runs `work` when there is room for its `weight`, and hands on what becomes of it
 */
export function turnstile(most: number): <T>(weight: number, work: () => Promise<T>) => Promise<T> {
  const queue: { weight: number; enter: () => void }[] = [];
  let inside = 0;
  const admit = (): void => {
    for (let next = queue[0]; next && (inside === 0 || inside + next.weight <= most); next = queue[0]) {
      queue.shift();
      inside += next.weight;
      next.enter();
    }
  };
  return async (weight, work) => {
    await new Promise<void>((enter) => {
      queue.push({ weight, enter });
      admit();
    });
    try {
      return await work();
    } finally {
      inside -= weight;
      admit();
    }
  };
}
