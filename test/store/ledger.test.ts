import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeChunk } from '../../functions/core/ledger/write.ts';
import { entry, refusedTimestamp } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase } from './support/database.ts';

describe('the ledger on PostgreSQL', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase();
  });
  afterAll(() => database.close());

  const kinds = async (entries: Parameters<typeof writeChunk>[1]) =>
    (await writeChunk(database.ledger(), entries)).outcomes.map(({ kind }) => kind);

  it('takes a statement once, in a batch and between batches', async () => {
    const value = statement();
    expect(await kinds([entry(value), entry(value), entry(value)])).toEqual(['accepted', 'duplicate', 'duplicate']);
    expect(await kinds([entry(value)])).toEqual(['duplicate']);
  });

  it('calls the same statement in another notation a duplicate, another statement under its id a conflict', async () => {
    const value = statement();
    const moved = { ...value, timestamp: '2026-03-01T11:00:00+01:00' };
    const other = { ...value, timestamp: '2026-03-01T10:00:01Z' };
    expect(await kinds([entry(value)])).toEqual(['accepted']);
    expect(await kinds([entry(moved), entry(other)])).toEqual(['duplicate', 'conflict']);
    expect(await kinds([entry(other), entry(value)])).toEqual(['conflict', 'duplicate']);
  });

  it('takes ids in upper case as the same ids', async () => {
    const value = statement();
    expect(await kinds([entry({ ...value, id: value.id.toUpperCase() }), entry(value)])).toEqual([
      'accepted',
      'duplicate',
    ]);
  });

  it('keeps U+0000, lone surrogates and 3,000 extension keys in the body as they came', async () => {
    const extensions = Object.fromEntries(
      Array.from({ length: 3_000 }, (_, number) => [`http://example.org/${number}`, number]),
    );
    const value = statement({
      actor: { name: 'a\u0000b\ud800', account: { homePage: 'http://nlj.platform', name: 'odd\u0000name' } },
      context: { extensions },
    });
    expect(await kinds([entry(value)])).toEqual(['accepted']);
    const { rows } = await database.pool.query<{ body: string }>(
      'select body::text as body from statement where id = $1',
      [value.id],
    );
    const body = JSON.parse(rows[0]?.body ?? '{}');
    expect(body.actor).toEqual(value['actor']);
    expect(body.context.extensions).toEqual(extensions);
  });

  it('leaves out exactly what PostgreSQL refuses, wherever it stands and however often, and stores the rest once', async () => {
    const item = fc.record({ identity: fc.nat(9), refused: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 24 }), async (items) => {
        const values = Array.from({ length: 10 }, () => statement());
        const entries = items.map(({ identity, refused }) =>
          entry(refused ? { ...values[identity], timestamp: refusedTimestamp } : values[identity]),
        );
        const outcomes = await kinds(entries);
        const taken = new Set<number>();
        for (const [position, { identity, refused }] of items.entries()) {
          // A refused copy that comes after its id was taken is another statement under that id.
          const expected = refused ? ['unstorable', 'conflict'] : [taken.has(identity) ? 'duplicate' : 'accepted'];
          expect(expected).toContain(outcomes[position]);
          if (!refused) taken.add(identity);
        }
        const { rows } = await database.pool.query('select id from statement where id = any($1)', [
          values.map(({ id }) => id),
        ]);
        expect(rows).toHaveLength(taken.size);
      }),
      { numRuns: 40 },
    );
  });

  it('accepts each statement once when several writers bring overlapping batches at once', async () => {
    const values = Array.from({ length: 200 }, () => statement());
    const writers = [values, values.toReversed(), values.slice(50), values.slice(0, 150)];
    const outcomes = (await Promise.all(writers.map((batch) => kinds(batch.map((value) => entry(value)))))).flat();
    expect(outcomes.filter((kind) => kind === 'accepted')).toHaveLength(values.length);
    expect(outcomes.filter((kind) => kind === 'duplicate')).toHaveLength(outcomes.length - values.length);
  });

  it('needs a number of SQL statements that does not grow with the records', async () => {
    const count = async (size: number) => {
      const batch = Array.from({ length: size }, () => entry(statement()));
      let statements = 0;
      const original = pg.Client.prototype.query;
      const counting = new Proxy(original, {
        apply(target, self, argumentList) {
          statements += 1;
          return Reflect.apply(target, self, argumentList);
        },
      });
      pg.Client.prototype.query = counting;
      try {
        await database.ledger().commit(batch);
      } finally {
        pg.Client.prototype.query = original;
      }
      return statements;
    };
    expect(await count(500)).toBe(await count(5));
  });

  it('gives back a duplicate row until its document is confirmed', async () => {
    const value = statement();
    const ledger = database.ledger();
    await ledger.commit([entry(value)]);
    const [waiting] = (await ledger.commit([entry(value)])).outcomes;
    expect(waiting).toMatchObject({ kind: 'duplicate', row: { id: value.id, documentVersion: 1 } });
    await ledger.confirm([{ id: value.id, documentVersion: 1, refusal: null }]);
    const [confirmed] = (await ledger.commit([entry(value)])).outcomes;
    expect(confirmed).toEqual({ kind: 'duplicate', row: null });
  });

  it('names the row PostgreSQL refuses without repeating what is in it', async () => {
    const value = statement({ timestamp: refusedTimestamp });
    const [outcome] = (await writeChunk(database.ledger(), [entry(value)])).outcomes;
    expect(outcome).toEqual({ kind: 'unstorable', sqlState: expect.stringMatching(/^22/) });
  });
});
