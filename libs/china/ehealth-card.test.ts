import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as card from './ehealth-card.ts';
import known from './fixtures/ehealthcard-kat.json' with { type: 'json' };

const identity = { documentType: known.idType, documentNumber: known.idNumber, name: known.name };
const hexOf = (length: number) => fc.stringMatching(new RegExp(`^[0-9A-F]{${length}}$`));
const times = fc.date({ min: new Date('2018-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });

describe('the national e-health card', () => {
  test('reproduces the known-answer vector at every step', () => {
    const masterIndex = card.masterIndexId(identity);
    expect(masterIndex).toBe(known.masterIndexId);
    const factor = card.dispersionFactor(masterIndex);
    expect(factor).toBe(known.dispersionFactor);
    const key = card.userKey(factor, known.securityRootKey);
    expect(key).toBe(known.userAuthKey);
    expect(card.cardId(identity, known.securityRootKey)).toBe(known.ecardId);
    expect(card.openCardId(known.ecardId, key)).toEqual({ documentType: '01', documentNumber: known.idNumber });
  });

  test('seals the validity as BCD of Shanghai time, zero-padded', () => {
    const until = new Date('2018-01-17T11:50:03+08:00');
    expect(card.sealValidity(until, known.protectRootKey)).toBe(known.validityCipherZeroPadded_COMPUTED_NOT_CONFIRMED);
    const opened = card.openValidity(known.validityCipherZeroPadded_COMPUTED_NOT_CONFIRMED, known.protectRootKey);
    expect(opened).toEqual(until);
  });

  test('short document numbers give 64 characters, or 32 where a region packs them', () => {
    const short = { documentType: '06', documentNumber: 'H12345678', name: '陈大文' };
    const fixed = card.cardId(short, known.securityRootKey);
    const shortest = card.cardId(short, known.securityRootKey, 'shortest');
    expect([fixed.length, shortest.length]).toEqual([64, 32]);
    expect(fixed.startsWith(shortest)).toBe(true);
    const key = card.userKey(card.dispersionFactor(card.masterIndexId(short)), known.securityRootKey);
    for (const id of [fixed, shortest]) expect(card.openCardId(id, key)?.documentNumber).toBe('H12345678');
  });

  test("another resident's key does not open a card id", () => {
    const key = card.userKey(
      card.dispersionFactor(card.masterIndexId({ ...identity, name: '别人' })),
      known.securityRootKey,
    );
    expect(card.openCardId(known.ecardId, key)).toBeNull();
    expect(card.openCardId('ABC', key)).toBeNull();
  });

  test('a root key of the wrong length throws instead of making a wrong card', () => {
    expect(() => card.cardId(identity, '0123')).toThrow(RangeError);
    expect(() => card.sealValidity(new Date(0), `${known.protectRootKey}00`)).toThrow(RangeError);
  });
});

describe('code texts', () => {
  test('are built in the three forms of the specification', () => {
    expect(card.staticCode(known.ecardId)).toBe(`${known.ecardId}:1`);
    const validity = known.validityCipherZeroPadded_COMPUTED_NOT_CONFIRMED;
    expect(card.dynamicCode(known.ecardId, validity)).toBe(`${known.ecardId}:0:${validity}`);
    expect(card.dynamicCode(known.ecardId, validity, { issuer: 'A0001' })).toBe(
      `${known.ecardId}:0:${validity}::A0001`,
    );
    expect(card.temporaryCode('a1b2c3d4e5')).toBe('a1b2c3d4e5:9');
    expect(() => card.staticCode('short')).toThrow(RangeError);
    expect(() => card.dynamicCode(known.ecardId, validity, { issuer: 'a:b' })).toThrow(RangeError);
  });

  test('come back from parsing as they were built', () => {
    const field = fc.stringMatching(/^[0-9A-Za-z]{1,12}$/);
    fc.assert(
      fc.property(hexOf(64), hexOf(32), field, field, (cardId, validity, payment, issuer) => {
        expect(card.parseCardCode(card.staticCode(cardId))).toEqual({ ok: true, value: { kind: 'static', cardId } });
        expect(card.parseCardCode(card.dynamicCode(cardId, validity, { payment, issuer }))).toEqual({
          ok: true,
          value: { kind: 'dynamic', cardId, validity, payment, issuer },
        });
        expect(card.parseCardCode(card.temporaryCode(`random-${payment}`))).toEqual({
          ok: true,
          value: { kind: 'temporary', randomId: `random-${payment}` },
        });
      }),
    );
  });

  test('are refused with a reason each', () => {
    const reason = (text: string) => {
      const parsed = card.parseCardCode(text);
      return parsed.ok ? parsed.value.kind : parsed.reason;
    };
    const id = known.ecardId;
    expect(reason(` ${id.toLowerCase()}:1\n`)).toBe('static');
    expect(reason('')).toBe('empty');
    expect(reason('https://example.org/pay')).toBe('not-a-card-code');
    expect(reason(id)).toBe('not-a-card-code');
    expect(reason('x'.repeat(5000))).toBe('not-a-card-code');
    expect(reason(`${id.slice(1)}:1`)).toBe('card-id');
    expect(reason(`${id}:7`)).toBe('kind-unknown');
    expect(reason(`${id}:1:more`)).toBe('extra-fields');
    expect(reason(`${id}:0`)).toBe('validity');
    expect(reason(`${id}:0:${'A'.repeat(31)}`)).toBe('validity');
    expect(reason(`${id}:0:${'A'.repeat(32)}:a:b:c`)).toBe('extra-fields');
    expect(reason('short:9')).toBe('card-id');
    expect(reason('a1b2c3d4e5:9:x')).toBe('extra-fields');
  });

  test('any scanned text is answered, not thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const parsed = card.parseCardCode(text);
        if (!parsed.ok) expect(parsed.zh).not.toBe('');
      }),
    );
  });
});

describe('the validity block', () => {
  test('opens to the second it was sealed with', () => {
    fc.assert(
      fc.property(times, hexOf(32), (until, key) => {
        const opened = card.openValidity(card.sealValidity(until, key), key);
        expect(opened?.getTime()).toBe(Math.floor(until.getTime() / 1000) * 1000);
      }),
    );
  });

  test('judges codes as valid, expired, too far ahead or unreadable', () => {
    const now = new Date('2026-11-23T10:00:00+08:00');
    const judge = (seconds: number) =>
      card.judgeValidity(
        card.sealValidity(new Date(now.getTime() + seconds * 1000), known.protectRootKey),
        known.protectRootKey,
        now,
        60,
      ).verdict;
    expect([-1, 0, 60, 61].map(judge)).toEqual(['expired', 'valid', 'valid', 'too-far-ahead']);
    expect(card.judgeValidity('0'.repeat(32), known.protectRootKey, now, 60)).toEqual({
      verdict: 'unreadable',
      until: null,
    });
    expect(card.judgeValidity('zz', known.protectRootKey, now, 60).verdict).toBe('unreadable');
  });
});
