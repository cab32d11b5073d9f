/** Longer texts are worked out each time: what is worth remembering is short and said a thousand times. */
const longest = 200;

/**
 * Remembers what a text means, for all messages: laboratories say the same few hundred codes all day. When it is full it forgets everything
 * and begins again, so that a sender who never repeats himself costs time and no memory. Values are shared by whoever asks: never change one.
 */
export function bounded<V>(most: number): (text: string, find: () => V) => V {
  const known = new Map<string, V>();
  return (text, find) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = find();
    if (text.length <= longest) {
      if (known.size >= most) known.clear();
      known.set(text, value);
    }
    return value;
  };
}
