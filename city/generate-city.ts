import { visitsOf } from './lives/life.ts';
import { encodeMessage } from './messages/encode.ts';
import type { CityMessage, Planned } from './messages/message.ts';
import { planMessages } from './messages/plan-messages.ts';
import { type City, type CityOptions, readOptions } from './options.ts';
import { OutbreakPlan } from './outbreaks/plan.ts';
import { residentAt } from './people/households.ts';
import { cityInstitutions } from './places/institutions.ts';
import { Region } from './places/region.ts';

/** Residents whose messages are sorted together: memory is bounded by this, and a small city comes in true order of time. */
const SORTED_TOGETHER = 5_000;

/**
 * All messages of the city, as its institutions would send them. Streaming: for up to 5,000 residents in order of sending;
 * larger cities come in blocks of 5,000 residents, each block in order. The same options give the same bytes.
 */
export async function* generateCity(options: CityOptions): AsyncGenerator<CityMessage> {
  const city = readOptions(options);
  for (const planned of planCity(city)) yield encodeMessage(planned, city.seed);
}

/** The same without encoding: for counting, and for callers who want only some of the messages. */
export function* planCity(city: City): Generator<Planned> {
  const region = new Region(cityInstitutions(city));
  const plan = new OutbreakPlan(city.seed, city.size, city.outbreaks);
  for (let first = 0; first < city.size; first += SORTED_TOGETHER) {
    const block: Planned[] = [];
    for (let number = first; number < Math.min(first + SORTED_TOGETHER, city.size); number++) {
      for (const visit of visitsOf(city, region, plan, residentAt(city.seed, number))) {
        for (const message of planMessages(city, visit)) if (message.at <= city.now) block.push(message);
      }
    }
    block.sort((a, b) => a.at - b.at || (a.controlId < b.controlId ? -1 : a.controlId > b.controlId ? 1 : 0));
    yield* block;
  }
}
