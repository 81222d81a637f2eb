import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Position, readStatements, type StatementsOf } from '../../../functions/analytics/statements/read.ts';
import { userKey } from '../../../functions/api/access/learner.ts';
import { insertStatements } from '../../../functions/core/ledger/postgres-statements.ts';
import { entry } from '../../support/entries.ts';
import { statement } from '../../support/statement.ts';
import { type Database, openDatabase, pepper } from '../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(12);
});
afterAll(() => database.close());

const actor = (user: string) => ({ objectType: 'Agent', account: { homePage: 'http://nlj.platform', name: user } });
const learnerOf = (user: string): StatementsOf => ({ kind: 'learner', agentKey: userKey(user, pepper) });

/** Every page, and what is done between them. */
async function pages(
  of: StatementsOf,
  limit: number,
  between: () => Promise<void> = async () => undefined,
  surveys = true,
) {
  const ids: string[][] = [];
  let after: Position | null = null;
  do {
    const page: Awaited<ReturnType<typeof readStatements>> = await readStatements(
      database.pool,
      { of, surveys },
      { limit, after },
    );
    ids.push(page.statements.map(({ id }) => id));
    after = page.next;
    if (after !== null) await between();
  } while (after !== null);
  return ids;
}

/** A transaction that has inserted statements of a user and is still open. */
async function openWriter(user: string, count: number) {
  const client: pg.PoolClient = await database.pool.connect();
  await client.query('begin');
  const entries = Array.from({ length: count }, () => entry(statement({ actor: actor(user) })));
  await insertStatements(client, entries, new Map(entries.map((one) => [one, userKey(user, pepper)])), new Set());
  return {
    ids: entries.map((one) => one.statement.id),
    async end(how: 'commit' | 'rollback') {
      await client.query(how);
      client.release();
    },
  };
}

describe('pages of statements', () => {
  it('do not take in what was begun before the first page and committed after it', async () => {
    const user = randomUUID();
    const before = await openWriter(user, 3);
    await before.end('commit');
    // Its `stored` is the time of its begin, so it would stand between rows that were read and rows that were not.
    const open = await openWriter(user, 2);
    const later = await openWriter(user, 2);
    await later.end('commit');
    let ended = false;
    const read = await pages(learnerOf(user), 1, async () => {
      if (!ended) await open.end('commit');
      ended = true;
    });
    expect(read.flat().sort()).toEqual(before.ids.toSorted());
    expect((await pages(learnerOf(user), 2)).flat().sort()).toEqual(
      [...before.ids, ...open.ids, ...later.ids].toSorted(),
    );
  });

  it('hold every row exactly once, whatever is written meanwhile', async () => {
    const step = fc.record({ rows: fc.integer({ min: 1, max: 4 }), open: fc.boolean(), kept: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.array(step, { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (earlier, meanwhile, limit) => {
          const user = randomUUID();
          const kept = new Set<string>();
          const closed = new Set<string>();
          const waiting: { end(): Promise<void> }[] = [];
          const write = async ({ rows, open, kept: keep }: (typeof earlier)[number], anyOpen: boolean) => {
            const writer = await openWriter(user, rows);
            const end = async () => {
              await writer.end(keep ? 'commit' : 'rollback');
              if (keep) for (const id of writer.ids) kept.add(id);
            };
            if (open) return waiting.push({ end });
            await end();
            if (keep && !anyOpen) for (const id of writer.ids) closed.add(id);
            return 0;
          };
          for (const one of earlier) await write(one, waiting.length > 0);
          const atFirst = new Set(closed);
          const due = [...meanwhile];
          const read = await pages(learnerOf(user), limit, async () => {
            await waiting.shift()?.end();
            const one = due.shift();
            if (one !== undefined) await write({ ...one, open: false }, true);
          });
          for (const one of waiting.splice(0)) await one.end();
          const seen = read.flat();
          expect(new Set(seen).size).toBe(seen.length);
          // Other tests of the same server may hold the watermark back, never forward.
          for (const id of seen) expect(atFirst.has(id)).toBe(true);
          for (const page of read.slice(0, -1)) expect(page).toHaveLength(limit);
          await expect.poll(async () => (await pages(learnerOf(user), limit)).flat().sort()).toEqual([...kept].sort());
        },
      ),
      { numRuns: 25 },
    );
  });

  it('are whole while the ledger writes through its own code', async () => {
    const user = randomUUID();
    const ledger = database.ledger();
    let writing = 4;
    const written: string[] = [];
    const writers = Array.from({ length: writing }, async () => {
      for (let chunk = 0; chunk < 12; chunk += 1) {
        const entries = Array.from({ length: 1 + (chunk % 4) }, () => entry(statement({ actor: actor(user) })));
        const { outcomes } = await ledger.commit(entries);
        written.push(...outcomes.flatMap((outcome) => (outcome.kind === 'accepted' ? [outcome.row.id] : [])));
      }
      writing -= 1;
    });
    let lists = 0;
    while (writing > 0) {
      const seen = (await pages(learnerOf(user), 7)).flat();
      expect(new Set(seen).size).toBe(seen.length);
      lists += 1;
    }
    await Promise.all(writers);
    expect(lists).toBeGreaterThan(0);
    await expect.poll(async () => (await pages(learnerOf(user), 7)).flat().sort()).toEqual(written.sort());
  });
});

describe('a list', () => {
  const list = async (of: StatementsOf, more: Partial<Parameters<typeof readStatements>[1]> = {}, limit = 1_000) =>
    (await readStatements(database.pool, { of, surveys: true, ...more }, { limit, after: null })).statements.map(
      ({ id }) => id,
    );
  const commit = (values: readonly unknown[]) => database.ledger().commit(values.map((value) => entry(value)));
  const listed = (of: StatementsOf, ids: readonly string[], more?: Parameters<typeof list>[1]) =>
    expect.poll(async () => (await list(of, more)).sort()).toEqual([...ids].sort());

  it('is the newest first', async () => {
    const user = randomUUID();
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      const one = statement({ actor: actor(user) });
      ids.unshift(one.id);
      await commit([one]);
    }
    await expect.poll(() => list(learnerOf(user))).toEqual(ids);
  });

  it('is of timestamps from since to before until', async () => {
    const user = randomUUID();
    const [first, second, third] = [1, 2, 3].map((day) =>
      statement({ actor: actor(user), timestamp: `2026-03-0${day}T00:00:00.000Z` }),
    );
    await commit([first, second, third]);
    const window = { since: '2026-03-02T00:00:00.000Z', until: '2026-03-03T00:00:00.000Z' };
    await listed(learnerOf(user), [second?.id ?? ''], window);
  });

  it('has no voided and no erased statement', async () => {
    const user = randomUUID();
    const [kept, voided, erased] = [1, 2, 3].map(() => statement({ actor: actor(user) }));
    await commit([kept, voided, erased]);
    const voiding = statement({
      verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
      object: { objectType: 'StatementRef', id: voided?.id },
    });
    await commit([voiding]);
    await database.pool.query(
      `update statement set body = null, canonical_hash = null, received_hash = null, delivery = null, agent_key = null,
              activity_hash = null, index_state = 'erased', erased_at = now() where id = $1`,
      [erased?.id],
    );
    await listed(learnerOf(user), [kept?.id ?? '']);
  });

  it('is of one activity, whatever the length of its IRI and the learner', async () => {
    const iri = `http://nlj.platform/activities/${'é'.repeat(4_000)}${randomUUID()}`;
    const ours = [1, 2].map(() => statement({ object: { id: iri } }));
    await commit([...ours, statement(), statement({ object: { id: `${iri}x` } })]);
    await listed(
      { kind: 'activity', activityId: iri },
      ours.map(({ id }) => id),
    );
  });

  it('has what is about surveys for the learner himself alone', async () => {
    const user = randomUUID();
    const ext = 'http://nlj.platform/extensions/';
    const about = { context: { extensions: { [`${ext}parent_survey`]: 's1', [`${ext}question_id`]: 'q1' } } };
    const learning = statement({ actor: actor(user) });
    const answered = statement({
      actor: actor(user),
      verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
      object: { id: 'http://nlj.platform/content/s1/question/q1' },
      result: { response: '7' },
      ...about,
    });
    const unknown = statement({ actor: actor(user), verb: { id: 'http://x.example/pondered' }, ...about });
    await commit([learning, answered, unknown]);
    await listed(learnerOf(user), [learning.id, answered.id, unknown.id]);
    await listed(learnerOf(user), [learning.id], { surveys: false });
  });

  it('tells others not even where in it a statement about a survey would be', async () => {
    const user = randomUUID();
    const context = { extensions: { 'http://nlj.platform/extensions/parent_survey': 's1' } };
    const hidden = statement({
      actor: actor(user),
      verb: { id: 'http://x.example/pondered' },
      context,
      result: { response: 'a\u0000b \\u0000' },
    });
    const learning = [1, 2].map(() => statement({ actor: actor(user) }));
    await commit([learning[0]]);
    await commit([hidden]);
    await commit([learning[1]]);
    await expect
      .poll(() => pages(learnerOf(user), 1, undefined, false))
      .toEqual([[learning[1]?.id], [learning[0]?.id]]);
  });

  it('has pages that fit into an answer', async () => {
    const user = randomUUID();
    const large = () =>
      statement({ actor: actor(user), result: { extensions: { 'http://x.example/large': 'x'.repeat(900_000) } } });
    for (let count = 0; count < 6; count += 1) await commit([large()]);
    await expect.poll(async () => (await pages(learnerOf(user), 1_000)).map((page) => page.length)).toEqual([4, 2]);
  });

  it('has pages that fit into an answer also where the function’s answer, JSON within JSON, doubles them', async () => {
    const user = randomUUID();
    const quoting = () =>
      statement({ actor: actor(user), result: { extensions: { 'http://x.example/large': '"'.repeat(450_000) } } });
    for (let count = 0; count < 3; count += 1) await commit([quoting()]);
    await expect.poll(async () => (await pages(learnerOf(user), 1_000)).map((page) => page.length)).toEqual([2, 1]);
  });
});

it('rows of before the migration are listed, and found by their activity', async () => {
  const one = statement({ object: { id: 'http://nlj.platform/activities/of-before' } });
  await database.ledger().commit([entry(one)]);
  await database.pool.query('update statement set transaction = null where id = $1', [one.id]);
  const of = { kind: 'activity', activityId: 'http://nlj.platform/activities/of-before' } as const;
  expect((await pages(of, 10)).flat()).toEqual([one.id]);
});
