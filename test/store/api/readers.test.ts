import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLearner, searchLearners } from '../../../functions/analytics/learners/people.ts';
import { userKey } from '../../../functions/api/access/learner.ts';
import { readGeneration } from '../../../functions/content/read.ts';
import { activityHash } from '../../../functions/core/ledger/activity-hash.ts';
import { postgresDeadLetters } from '../../../functions/operations/dead-letters/dead-letter-table.ts';
import { waitingCounts } from '../../../functions/operations/dead-letters/waiting.ts';
import { entry } from '../../support/entries.ts';
import { statement } from '../../support/statement.ts';
import { type Database, migrationsFolder, openDatabase, pepper } from '../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(2);
});
afterAll(() => database.close());

const commit = (values: readonly unknown[]) => database.ledger().commit(values.map((value) => entry(value)));

describe('learners', () => {
  const user = randomUUID();
  const mailbox = `Ann.${user}@Example.com`;
  beforeAll(async () => {
    await commit([
      statement({
        actor: {
          objectType: 'Agent',
          name: 'Ann 100% Okafor',
          account: { homePage: 'http://nlj.platform', name: user },
        },
      }),
      statement({ actor: { objectType: 'Agent', name: 'Ben Lindqvist', mbox: `mailto:${mailbox}` } }),
    ]);
  });

  it('are found by their whole e-mail, in any case', async () => {
    const [found, ...others] = await searchLearners(database.pool, { email: mailbox.toUpperCase() });
    expect(found).toMatchObject({ user_id: null, name: 'Ben Lindqvist' });
    expect(others).toEqual([]);
    expect(await searchLearners(database.pool, { email: mailbox.slice(1) })).toEqual([]);
  });

  it('are found by a part of their name, in which nothing is a pattern', async () => {
    expect(await searchLearners(database.pool, { name: '100% ok' })).toMatchObject([{ user_id: user }]);
    expect(await searchLearners(database.pool, { name: '1% ' })).toEqual([]);
    expect(await searchLearners(database.pool, { name: '_' })).toEqual([]);
  });

  it('are known by the agent key, also that of a mailbox which belongs to an account since', async () => {
    const key = userKey(user, pepper);
    expect(await readLearner(database.pool, key)).toMatchObject({ agent_key: key, name: 'Ann 100% Okafor' });
    await database.pool.query(
      `insert into agent_identity (identifier, alone_key, agent_key, email) values ($1, 'v1.alone', $2, 'a@example.com')`,
      [`mbox:mailto:a-${user}@example.com`, key],
    );
    expect(await readLearner(database.pool, 'v1.alone')).toMatchObject({ agent_key: key });
    expect(await searchLearners(database.pool, { email: 'a@example.com' })).toMatchObject([{ agent_key: key }]);
    expect(await readLearner(database.pool, 'v1.nobody')).toBeNull();
  });
});

it('a generation session is read as its events made it', async () => {
  const id = randomUUID();
  await database.pool.query(
    `insert into generation_session (id, status, error_type, agent_key, completed_at)
    values ($1, 'failed', 'timeout', 'v1.owner', '2026-03-01T10:00:00Z')`,
    [id],
  );
  expect(await readGeneration(database.pool, id)).toMatchObject({
    id,
    attempt: 1,
    status: 'failed',
    error_type: 'timeout',
    agent_key: 'v1.owner',
    completed_at: '2026-03-01T10:00:00.000000Z',
  });
  expect(await readGeneration(database.pool, randomUUID())).toBeNull();
});

it('dead letters that wait are counted by class and first rule', async () => {
  const letter = (offset: number, state: string, errors: unknown, topic = 'xapi-events') =>
    database.pool.query(
      `insert into dead_letter (cluster, topic, partition, "offset", record_time, topic_group, class, errors, bucket, object_key, state)
       values ('c', $4, 0, $1, now(), 'learning', 'invalid', $3, 'b', 'k', $2)`,
      [offset, state, JSON.stringify(errors), topic],
    );
  const rule = (name: string) => ({ path: '$', rule: name, requirement: '', expected: '', found: '' });
  await letter(1, 'waiting', [rule('a'), rule('b')]);
  await letter(2, 'waiting', [rule('a')]);
  await letter(3, 'waiting', [rule('b')]);
  await letter(4, 'waiting', []);
  await letter(5, 'replayed', [rule('a')]);
  await letter(6, 'waiting', [rule('a')], 'nlj.survey.responses');
  expect(await waitingCounts(database.pool, { topic: 'xapi-events' })).toEqual([
    { class: 'invalid', rule: 'a', count: 2 },
    { class: 'invalid', rule: 'b', count: 1 },
    { class: 'invalid', rule: null, count: 1 },
  ]);
  expect(await waitingCounts(database.pool, { class: 'rule' })).toEqual([]);
  expect(await postgresDeadLetters(database.pool).select({ filter: {}, state: 'waiting' }, 10)).toHaveLength(5);
});

it("the migration takes the activity's hash from bodies that text columns refuse", async () => {
  const sql = await readFile(new URL('0009-api.sql', migrationsFolder), 'utf8');
  const made = /create function[\s\S]*?end \$\$;/.exec(sql)?.[0] ?? '';
  const client = await database.pool.connect();
  try {
    await client.query(made);
    const hashOf = async (body: string) => {
      const { rows } = await client.query<{ hash: string | null }>('select pg_temp.activity_hash($1::json) as hash', [
        body,
      ]);
      return rows[0]?.hash;
    };
    const iri = 'http://nlj.platform/activities/é';
    const bodies = [{}, { x: 'a\u0000b' }, { x: '\ud800' }, { x: '\\u0000' }, { x: '\u0000\ud800' }];
    for (const more of bodies) {
      expect(await hashOf(JSON.stringify({ object: { id: iri }, ...more }))).toBe(activityHash(iri));
    }
    expect(await hashOf('{"object":{"objectType":"Agent","mbox":"mailto:a@example.com"}}')).toBeNull();
  } finally {
    client.release();
  }
  expect(activityHash('http://x')).toBe(
    createHash('sha256')
      .update('http://x')
      .digest('hex')
      .slice(0, 32)
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  );
});
