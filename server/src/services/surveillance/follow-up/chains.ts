import type { Chain, ChainBasis, ChainCase } from '@hutong/contract/surveillance.ts';
import { type Call, type Caller, type Refusal, type Reply, type Route, refuse } from '../../../core/access/index.ts';
import { inTransaction } from '../../../kit/pool.ts';
import { cardId } from '../cards/detail.ts';
import { type CardsDoor, yearsAt } from '../cards/door.ts';
import { areaName } from '../places.ts';
import { type CardRow, cardBy } from '../tables/cards.ts';
import { chainOf, contactCounts, linkCases, unlinkCase } from '../tables/contacts.ts';
import { cardOf } from './contacts.ts';
import { makesRing } from './decide.ts';

const bases: readonly ChainBasis[] = ['contact', 'same-place', 'genome', 'presumed'];

/** Who infected whom, as far as the investigation knows; drawn as a tree. Cases carry no names here. */
export function chainRoutes(door: CardsDoor): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/surveillance/chains',
      permission: 'surveillance.read',
      summary: 'The transmission chain that a case belongs to (?card=)',
      handle: (call) => chain(door, call),
    },
    {
      method: 'POST',
      path: '/api/surveillance/chains',
      permission: 'surveillance.act',
      summary: 'Says by whom a case was infected, or (from null) takes that back',
      schema: {
        body: {
          type: 'object',
          required: ['to', 'from'],
          additionalProperties: false,
          properties: {
            to: { type: 'string', maxLength: 80 },
            from: { type: ['string', 'null'], maxLength: 80 },
            basis: { enum: [...bases] },
            note: { type: 'string', maxLength: 500 },
          },
        },
      },
      handle: (call) => link(door, call),
    },
  ];
}

async function chain(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const card = await cardOf(door, call, call.query.card ?? '');
  call.look({
    action: card ? 'read' : 'refused',
    what: 'transmission chain without names',
    resident: card?.resident ?? null,
    ground: card ? 'public-health' : 'none',
  });
  return card ? { body: await chainBody(door, card) } : refuse('HT-INPUT-004');
}

async function chainBody(door: CardsDoor, card: CardRow): Promise<Chain> {
  const links = await chainOf(door.pool, String(card.anchor), card.disease);
  const anchors = [...new Set([String(card.anchor), ...links.flatMap(({ from, to }) => [from, to])])];
  const contacts = await contactCounts(door.pool, anchors, card.disease);
  const found = await Promise.all(anchors.map((anchor) => cardBy(door.pool, BigInt(anchor), card.disease)));
  const idOf = (anchor: string): string => cardId({ anchor: BigInt(anchor), disease: card.disease });
  const disease = door.lists.diseases.findLast(({ code }) => code === card.disease);
  return {
    disease: { code: card.disease, zh: disease?.zh ?? card.disease, en: disease?.en ?? card.disease },
    root: cardId(card),
    cases: anchors.flatMap((anchor, index): ChainCase[] => {
      const one = found[index];
      const to = links.find((row) => row.to === anchor);
      return one
        ? [
            {
              id: idOf(anchor),
              parent: to ? idOf(to.from) : null,
              basis: (to?.basis as ChainBasis | undefined) ?? null,
              sex: one.sex,
              age: yearsAt(one.birth, one.at.getTime()),
              area: areaName(one.area, one.day),
              day: one.day,
              caseClass: one.caseClass,
              state: one.state,
              contacts: contacts.get(anchor) ?? 0,
            },
          ]
        : [];
    }),
  };
}

async function link(door: CardsDoor, call: Call): Promise<Reply | Refusal> {
  const {
    to,
    from,
    basis = 'presumed',
    note = null,
  } = call.body as {
    to: string;
    from: string | null;
    basis?: ChainBasis;
    note?: string;
  };
  const [target, source] = [await cardOf(door, call, to), from ? await cardOf(door, call, from) : null];
  const known = target !== null && (from === null || (source !== null && source.disease === target.disease));
  call.look({
    action: known ? 'update' : 'refused',
    what: `transmission link ${from ? basis : 'removed'}`,
    resident: target?.resident ?? null,
    ground: known ? 'public-health' : 'none',
  });
  if (!target || !known) return refuse('HT-INPUT-004');
  const caller = call.caller as Caller;
  if (!source) {
    await unlinkCase(door.pool, String(target.anchor), target.disease);
    return { body: await chainBody(door, target) };
  }
  const ring = await inTransaction(door.pool, async (client) => {
    const links = [
      ...(await chainOf(client, String(source.anchor), target.disease)),
      ...(await chainOf(client, String(target.anchor), target.disease)),
    ];
    if (makesRing(links, String(source.anchor), String(target.anchor))) return true;
    await linkCases(client, {
      from: String(source.anchor),
      to: String(target.anchor),
      disease: target.disease,
      basis,
      note,
      agent: `${caller.kind} ${caller.id}`,
      at: new Date(call.now),
    });
    return false;
  });
  return ring
    ? refuse('HT-INPUT-001', {
        zh: '这样会形成闭环：病例不能被自己传染的人传染',
        en: 'That would close a ring: nobody is infected by a case of their own chain',
      })
    : { body: await chainBody(door, target) };
}
