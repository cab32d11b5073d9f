import { type ErrorCode, errors } from '@hutong/contract/errors.ts';
import { type Call, isRefusal, type Refusal } from '../../core/access/index.ts';
import { type CardAnswer, type Registration, register } from './card-centre.ts';
import type { HealthCodeDoor } from './door.ts';
import { returnCode } from './return-codes.ts';

/** Registrations under way at once: they share commits. */
const abreast = 8;

type Item = CardAnswer | { code: ErrorCode; zh: string; en: string; returnCode: string };

const refused = ({ refusal, detail, extra }: Refusal): Item => ({
  code: refusal,
  zh: detail?.zh ?? errors[refusal].zh,
  en: detail?.en ?? errors[refusal].en,
  returnCode: (extra as { returnCode?: string } | undefined)?.returnCode ?? returnCode(refusal),
});

/** Each person stands alone: one that is refused says why in its place, and the others are registered. The same list again registers nobody twice. */
export async function registerBatch(
  door: HealthCodeDoor,
  call: Call,
  people: readonly Registration[],
): Promise<{ items: Item[] }> {
  const items: Item[] = new Array(people.length);
  const queue = [...people.entries()];
  await Promise.all(
    Array.from({ length: Math.min(abreast, queue.length) }, async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const [at, person] = next;
        const answer = await register(door, call, person);
        items[at] = isRefusal(answer) ? refused(answer) : answer;
      }
    }),
  );
  call.look({ action: 'create', what: `health cards, ${people.length} in a batch`, ground: 'counter' });
  return { items };
}
