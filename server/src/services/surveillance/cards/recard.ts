import type { Directory } from '../../../core/directory/index.ts';
import type { Identity } from '../../../core/identity/index.ts';
import type { Client } from '../../../kit/pool.ts';
import { dayOf, episodesOf } from '../decide.ts';
import type { Lists } from '../model.ts';
import { type CardRow, cardActs, cardsOf, replaceCards } from '../tables/cards.ts';
import { findingsOf } from '../tables/findings.ts';
import { personOf } from './people.ts';
import { levelsOf, reviewDue, standingOf } from './review.ts';

export type RecardDoor = { identity: Identity; directory: Directory; lists: Lists };

/** Works out anew all cards of one resident's disease, from what the record says and what people decided. Any order ends in the same rows. */
export async function recard(
  door: RecardDoor,
  client: Client,
  resident: bigint,
  topic: string,
): Promise<{ cards: CardRow[]; former: { area: string; day: string }[] }> {
  const disease = door.lists.diseases.findLast(({ code }) => code === topic);
  const findings = await findingsOf(client, resident, topic);
  const episodes = disease ? episodesOf(findings, disease.episodeDays) : [];
  const person = personOf(await door.identity.sources(resident));
  const made: Parameters<typeof replaceCards>[3] = [];
  for (const episode of episodes) {
    const anchor = findings.find(({ key }) => key === episode.anchor);
    if (!anchor || !disease) continue;
    const acts = await cardActs(client, episode.keys, topic);
    const label = Math.max(...findings.filter(({ key }) => episode.keys.includes(key)).map((finding) => finding.label));
    const unit = door.directory.institution(episode.institution)?.area ?? anchor.area;
    const { state, level } = standingOf(episode.caseClass, acts, levelsOf(unit));
    const onset = acts.findLast((act) => act.onset !== null)?.onset ?? episode.onset;
    // What the doctor said of the class holds until the record itself has moved on.
    const said = acts.findLast((act) => act.givenClass !== null);
    const reported = acts.find(({ act }) => act === 'confirm')?.at ?? null;
    // Whoever answers a question with yes diagnoses it then.
    const clock = episode.caseClass === 'question' && reported ? reported.getTime() : episode.at;
    made.push({
      ...episode,
      ...person,
      recordClass: episode.caseClass,
      caseClass: said?.givenClass && said.caseClass === episode.caseClass ? said.givenClass : episode.caseClass,
      onset,
      day: onset ?? dayOf(episode.at),
      shard: anchor.shard,
      subject: anchor.subject,
      area: anchor.area,
      label,
      due: new Date(clock + disease.limitHours * 3_600_000),
      state,
      reported,
      reviewLevel: level,
      reviewDue: level ? new Date(reviewDue(disease.limitHours, acts.at(-1)?.at.getTime() ?? episode.at)) : null,
    });
  }
  const former = await replaceCards(client, resident, topic, made);
  return { cards: await cardsOf(client, resident, topic), former };
}
