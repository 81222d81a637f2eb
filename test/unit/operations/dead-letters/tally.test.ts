import { describe, expect, it } from 'vitest';
import type { DeadLetterRow } from '../../../../functions/operations/dead-letters/answer.ts';
import { outcomeOf, tally } from '../../../../functions/operations/dead-letters/tally.ts';

const row: DeadLetterRow = {
  cluster: 'arn:a',
  topic: 'xapi-events',
  partition: 0,
  offset: 7,
  timestamp: 1,
  group: 'learning',
  class: 'conflict',
  errors: [{ path: '$.id', rule: 'conflict', requirement: 'r', expected: 'e', found: 'f' }],
  bucket: 'b',
  objectKey: 'k',
  state: 'waiting',
  attempts: 1,
  firstSeen: '2026-03-01T10:00:00.000000Z',
  lastSeen: '2026-03-01T10:00:00.000000Z',
  discardReason: null,
};
const before = { row, inLedger: false };
const reported = new Set<string>();
const replayed: DeadLetterRow = { ...row, state: 'replayed' };

describe('the outcome of a replayed record, as the tables tell it', () => {
  it('is accepted where the ledger has it under its own coordinates now', () => {
    expect(outcomeOf({ row, before, after: { row: replayed, inLedger: true }, reported })).toEqual({
      kind: 'accepted',
    });
  });

  it('is a duplicate where another record brought it, or it was there before', () => {
    expect(outcomeOf({ row, before, after: { row: replayed, inLedger: false }, reported }).kind).toBe('duplicate');
    const known = { row, inLedger: true };
    expect(outcomeOf({ row, before: known, after: { row: replayed, inLedger: true }, reported }).kind).toBe(
      'duplicate',
    );
  });

  it('is rejected with the new reason where another attempt was counted', () => {
    const again = { row: { ...row, attempts: 2 }, inLedger: false };
    expect(outcomeOf({ row, before, after: again, reported })).toEqual({
      kind: 'rejected',
      class: 'conflict',
      rule: 'conflict',
    });
  });

  it('is transient where the function reported it, and waits where nothing is known', () => {
    expect(outcomeOf({ row, before, after: before, reported: new Set(['xapi-events-0@7']) }).kind).toBe('transient');
    expect(outcomeOf({ row, before, after: before, reported: null }).kind).toBe('waiting');
    // An invocation that failed as a whole may have done its work.
    expect(outcomeOf({ row, before, after: { row: replayed, inLedger: true }, reported: null }).kind).toBe('accepted');
  });

  it('adds up to what was selected', () => {
    expect(
      tally([
        { kind: 'accepted' },
        { kind: 'rejected', class: 'invalid', rule: 'statement-verb' },
        { kind: 'waiting' },
      ]),
    ).toMatchObject({ selected: 3, accepted: 1, rejected: 1, waiting: 1, rules: { 'invalid statement-verb': 1 } });
  });
});
