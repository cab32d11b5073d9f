import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCity } from '../city/generate-city.ts';
import type { CityMessage } from '../city/messages/message.ts';
import { type CityOptions, readOptions } from '../city/options.ts';
import { cityInstitutions } from '../city/places/institutions.ts';
import { HttpSender } from '../city/sending/http.ts';
import { KeyRing } from '../city/sending/keys.ts';
import { register } from '../city/sending/register.ts';
import { Progress } from '../city/sending/resume.ts';
import { sendCity } from '../city/sending/send-city.ts';
import { Tokens } from '../city/sending/tokens.ts';
import { dayOf } from '../city/time.ts';
import type { TestPlatform } from '../server/test/platform.ts';

export type CityByDays = {
  /** Messages by the day on which they leave their hospital (days since 1970, Shanghai), each day in order of time. */
  days: Map<number, CityMessage[]>;
  /** Sends messages as their institutions do and waits until the record and its readers have them. */
  send(messages: readonly CityMessage[]): Promise<void>;
};

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

/** The synthetic city with its institutions registered, ready to be lived day by day. */
export async function cityByDays(platform: TestPlatform, options: CityOptions): Promise<CityByDays> {
  const institutions = cityInstitutions(readOptions(options));
  const keys = new KeyRing(mkdtempSync(join(tmpdir(), 'hutong-city-keys-')));
  await keys.ensure(institutions.filter(({ protocol }) => protocol !== 'hl7v2-mllp').map(({ clientId }) => clientId));
  const tokens = new Tokens(platform.base);
  await register(platform.base, tokens, platform.operatorKeyFile as string, institutions, keys);
  const http = new HttpSender(platform.base, tokens, keys);
  const days = new Map<number, CityMessage[]>();
  for await (const message of generateCity(options)) {
    const day = dayOf(message.at);
    const known = days.get(day);
    if (known) known.push(message);
    else days.set(day, [message]);
  }
  return {
    days,
    async send(messages) {
      await sendCity(each(messages), {
        mllp: `127.0.0.1:${platform.mllpPort}`,
        http,
        connections: 8,
        progress: new Progress(null, {}),
        onProgress: () => {},
        onRefusal: () => {},
      });
      await platform.settled();
    },
  };
}
