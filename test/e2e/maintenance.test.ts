import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAnswerTo } from '../../bin/function.ts';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { type AnswerTo, answerSchema } from '../../functions/operations/maintenance/answer.ts';
import { localAws } from '../../localstack/deploy.ts';
import { statement } from '../support/statement.ts';
import { command } from './support/command.ts';
import { load } from './support/load.ts';
import { openRun, type Run } from './support/run.ts';
import { setSchedules } from './support/schedules.ts';
import { bookingRequested, nljAccount, sessionScheduled } from './support/training.ts';

/** Rows that are rebuilt: the full test sets 200,000. */
const rebuilt = Number(process.env['NLJ_REBUILD_ROWS'] ?? 3_000);
const topic = 'nlj.learning.activities';

describe('maintenance of the running system', () => {
  let run: Run;
  beforeAll(async () => {
    run = await openRun();
    await setSchedules(run.environment, /Maintenance/, false);
  });
  afterAll(async () => {
    await setSchedules(run.environment, /Maintenance/, true);
    await run.close();
  });

  const ask = async <Action extends 'reconcile' | 'rebuild' | 'erase' | 'retention'>(
    action: Action,
    ...words: string[]
  ): Promise<AnswerTo<Action>> => {
    const answer = answerSchema.parse(await command(run.environment, 'maintenance', action, ...words));
    if (!isAnswerTo(action, answer)) throw new Error(`answered to ${answer.action}`);
    return answer;
  };
  const send = (values: readonly unknown[]) =>
    run.sender.send(
      values.map((value, position) => ({
        topic,
        partition: position % 6,
        key: null,
        value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      })),
    );
  const count = async (query: object = { match_all: {} }): Promise<number> => {
    await run.search.indices.refresh({ index: statementAlias });
    const { body } = await run.search.count({ index: statementAlias, body: { query } });
    return body.count;
  };

  describe('the reconciler', () => {
    it('finds nothing where nothing is wrong, writes what is missing, outdated or overdue, and removes what has no row', async () => {
      await ask('reconcile', '--scope', 'all');
      const ids = await load(run, { count: 40, hoursAgo: 30 });
      expect((await ask('reconcile')).drift).toEqual({ pending: 0, missing: 0, outdated: 0, orphaned: 0, joined: 0 });
      const overdue = await load(run, { count: 7, hoursAgo: 30, indexed: false });
      const missing = ids.slice(0, 5);
      for (const id of missing) await removeDocument(id);
      const outdated = ids.slice(5, 8);
      await run.pool.query('update statement set document_version = 2, voided = true where id = any($1::uuid[])', [
        outdated,
      ]);
      await run.pool.query('delete from statement where id = $1', [ids[8]]);
      const { drift, left, complete } = await ask('reconcile');
      expect({ drift, left, complete }).toEqual({
        drift: { pending: 7, missing: 5, outdated: 3, orphaned: 1, joined: 0 },
        left: 0,
        complete: true,
      });
      const all = [...ids, ...overdue];
      expect((await run.indexed(all)).sort()).toEqual(all.filter((id) => id !== ids[8]).sort());
      expect(await count({ bool: { filter: [{ ids: { values: outdated } }, { term: { voided: true } }] } })).toBe(3);
      expect((await ask('reconcile')).drift).toEqual({ pending: 0, missing: 0, outdated: 0, orphaned: 0, joined: 0 });
    });

    it('gives what a mailbox did alone to the account that it was attached to later', async () => {
      const user = randomUUID();
      const mbox = `mailto:${user}@example.org`;
      const alone = statement({ actor: { objectType: 'Agent', mbox } });
      const survey = randomUUID();
      const answered = surveyAnswer({ mbox }, survey, 4);
      await send([alone]);
      await run.sender.send([
        { topic: 'nlj.survey.responses', partition: 0, key: null, value: Buffer.from(JSON.stringify(answered)) },
      ]);
      await run.settled();
      const linking = statement({
        actor: { objectType: 'Agent', mbox, account: { homePage: 'http://nlj.platform', name: user } },
      });
      await send([linking]);
      await run.settled();
      const keyOf = async (id: string) =>
        (await run.pool.query<{ agent_key: string }>('select agent_key from statement where id = $1', [id])).rows[0]
          ?.agent_key;
      expect(await keyOf(alone.id)).not.toBe(await keyOf(linking.id));
      expect((await ask('reconcile')).drift.joined).toBe(2);
      const account = await keyOf(linking.id);
      expect([await keyOf(alone.id), await keyOf(answered.id)]).toEqual([account, account]);
      const answers = await run.pool.query('select agent_key from survey_answer where survey_id = $1', [survey]);
      expect(answers.rows).toEqual([{ agent_key: account }]);
      expect(await count({ term: { agent_key: account } })).toBe(3);
      // Nothing of it is left for later, where it would count as a fault.
      const states = await run.pool.query('select index_state from statement where agent_key = $1', [account]);
      expect(states.rows.map(({ index_state }) => index_state)).toEqual(['indexed', 'indexed', 'indexed']);
    });
  });

  describe('a rebuild', () => {
    it(`of ${rebuilt} rows goes on unseen while readers query and writers write; then all is there, once`, async () => {
      await load(run, { count: rebuilt, hoursAgo: 40 });
      await run.settled();
      const before = await figures();
      const failed: unknown[] = [];
      const counts = new Set<number>();
      let rebuilding = true;
      const readers = Promise.all(
        Array.from({ length: 2 }, async () => {
          while (rebuilding) {
            await run.search
              .count({ index: statementAlias, body: { query: before.query } })
              .then(({ body }) => counts.add(body.count))
              .catch((error: unknown) => failed.push(error));
            await sleep(20);
          }
        }),
      );
      const sent: string[] = [];
      const writers = (async () => {
        while (rebuilding) {
          const values = Array.from({ length: 40 }, () => statement());
          sent.push(...values.map(({ id }) => id));
          await send(values);
          await sleep(200);
        }
      })();
      await command(run.environment, 'maintenance', 'rebuild');
      await sleep(500);
      rebuilding = false;
      await Promise.all([readers, writers]);
      expect(failed).toEqual([]);
      // Neither a moment without the documents nor one with both generations.
      expect([...counts]).toEqual([before.documents]);
      const table = await run.settled();
      expect(table, JSON.stringify(table)).toMatchObject({ complete: true });
      expect(await run.indexed(sent)).toHaveLength(sent.length);
      expect(await figures()).toEqual(before);
      expect(await count()).toBe(table.ledger);
      const { drift } = await ask('reconcile', '--scope', 'all');
      expect(drift).toMatchObject({ missing: 0, outdated: 0, orphaned: 0 });
    });

    it('leaves an old generation that is deleted once no function can write to it', async () => {
      await run.pool.query(`update index_generation set changed = now() - interval '1 day' where state = 'retiring'`);
      expect((await ask('reconcile')).retired).toBeGreaterThan(0);
      const { body } = await run.search.cat.indices({ index: `${statementAlias}-*`, format: 'json', h: ['index'] });
      const live = await run.pool.query<{ generation: number }>(
        `select generation from index_generation where state = 'live'`,
      );
      const prefix = `${statementAlias}-g${live.rows[0]?.generation}-`;
      expect(body.filter(({ index }) => index?.startsWith(prefix) !== true)).toEqual([]);
    });

    async function figures() {
      const query = { range: { stored: { lt: 'now-36h/h' } } };
      await run.search.indices.refresh({ index: statementAlias });
      const aggs = {
        verbs: { terms: { field: 'verb', size: 100 } },
        people: { cardinality: { field: 'agent_key' } },
      };
      const path = `/${statementAlias}/_search?filter_path=aggregations`;
      const { body } = await run.search.transport.request({ method: 'POST', path, body: { size: 0, query, aggs } });
      return {
        query,
        documents: Number((await run.search.count({ index: statementAlias, body: { query } })).body.count),
        aggregations: body,
      };
    }
  });

  describe('an erasure', () => {
    const user = randomUUID();
    const email = `${randomUUID()}@example.org`;
    const mbox = `mailto:${email}`;
    const account = { homePage: 'http://nlj.platform', name: user };
    const survey = randomUUID();
    const own = [
      statement({ actor: { objectType: 'Agent', name: 'Someone', mbox } }),
      statement({ actor: { objectType: 'Agent', name: 'Someone', mbox, account } }),
      statement({ actor: { objectType: 'Agent', mbox_sha1sum: createHash('sha1').update(mbox).digest('hex') } }),
      surveyAnswer({ account }, survey, 5),
    ];
    const session = randomUUID();
    const booking = { own: randomUUID(), waiting: randomUUID() };
    const trainings = [
      {
        topic: 'nlj.training.sessions',
        value: sessionScheduled(session, { program: randomUUID(), capacity: 1, instructor: user }),
      },
      {
        topic: 'nlj.training.bookings',
        value: bookingRequested(session, booking.own, { name: 'Someone', account }, '2026-03-01T10:01:00.000Z'),
      },
      {
        topic: 'nlj.training.bookings',
        value: bookingRequested(session, booking.waiting, nljAccount(randomUUID()), '2026-03-01T10:02:00.000Z'),
      },
    ];
    const others = [
      statement({ context: { instructor: { objectType: 'Agent', name: 'Someone', account } } }),
      statement({ context: { extensions: { 'http://nlj.platform/extensions/confirmed_by': user } } }),
      surveyAnswer({ account: { homePage: 'http://nlj.platform', name: randomUUID() } }, survey, 2),
    ];
    const refused = [
      JSON.stringify({ actor: { account }, verb: 'none' }),
      `{"actor": {"mbox": "${mbox}"`,
      JSON.stringify({ ...statement(), id: own[0]?.id, actor: { objectType: 'Agent', mbox } }),
    ];

    it('says beforehand what would go, and changes nothing', async () => {
      await send([...own, ...others]);
      for (const { topic: name, value } of trainings) {
        // One after the other: who comes first has the only seat.
        await run.sender.send([{ topic: name, partition: 0, key: null, value: Buffer.from(JSON.stringify(value)) }]);
        await run.settled();
      }
      await run.settled();
      await send(refused);
      await run.settled();
      await ask('reconcile');
      const { counts } = await ask('erase', '--email', email, '--dry-run');
      // The request for a seat and the announcement that it was given are the person's too; the session names its instructor.
      expect(counts).toMatchObject({ statements: 6, mentions: 3, agents: 2, identities: 1, deadLetters: 3 });
      expect(await traces()).not.toEqual([]);
    });

    it('leaves no trace of the person in PostgreSQL, OpenSearch or S3, and the counts of others as they were', async () => {
      const answersBefore = await answersOfOthers();
      const kept = `select count(*) from statement where erased_at is null and origin = 'producer'`;
      const ledgerBefore = await run.pool.query(kept);
      const { counts, complete } = await ask('erase', '--email', email);
      expect(complete).toBe(true);
      expect(counts).toMatchObject({ statements: 6, mentions: 3, deadLetters: 3, identities: 1 });
      expect(await traces()).toEqual([]);
      expect(await answersOfOthers()).toEqual(answersBefore);
      const ledgerAfter = await run.pool.query(kept);
      expect(Number(ledgerBefore.rows[0].count) - Number(ledgerAfter.rows[0].count)).toBe(own.length + 1);
      expect(await run.indexed(own.map(({ id }) => id))).toEqual([]);
    });

    it('gives the seat of the person to who waited for it, and says so', async () => {
      const { rows } = await run.pool.query<{ id: string; status: string; learner_key: string | null }>(
        'select id, status, learner_key from training_booking where session_id = $1',
        [session],
      );
      const states = Object.fromEntries(rows.map(({ id, status }) => [id, status]));
      expect(states).toEqual({ [booking.own]: 'cancelled', [booking.waiting]: 'confirmed' });
      expect(rows.find(({ id }) => id === booking.own)?.learner_key).toBe(null);
      const announced = await run.pool.query(
        `select s.event from outbox o join statement s on s.id = o.statement_id
          where o.key = $1 and s.agent_key = (select learner_key from training_booking where id = $2) order by o.sequence`,
        [session, booking.waiting],
      );
      expect(announced.rows).toEqual([{ event: 'booking.waitlisted' }, { event: 'booking.confirmed' }]);
    });

    it('is for good: what comes again from Kafka stores nothing of the person', async () => {
      await send([...own, ...refused.slice(0, 1)]);
      await send([
        statement({ actor: { objectType: 'Agent', account } }),
        statement({ actor: { objectType: 'Agent', mbox } }),
      ]);
      const table = await run.settled();
      expect(table, JSON.stringify(table)).toMatchObject({ complete: true });
      expect(await traces()).toEqual([]);
    });

    it('is swept once more when no function can still write what it read before', async () => {
      const { rowCount } = await run.pool.query(`update erasure set erased_at = now() - interval '1 day'`);
      expect(rowCount).toBeGreaterThan(0);
      await ask('reconcile');
      expect((await run.pool.query('select 1 from erasure')).rowCount).toBe(0);
    });

    async function answersOfOthers() {
      const { rows } = await run.pool.query(
        'select numeric_value from survey_answer where survey_id = $1 and numeric_value = 2',
        [survey],
      );
      return rows;
    }

    /** Places of every store where an identifier of the person stands: a search in a dump of each. */
    async function traces(): Promise<string[]> {
      const needles = [user, email, createHash('sha1').update(mbox).digest('hex'), 'Someone'];
      const found: string[] = [];
      const look = (place: string, text: string) => {
        if (needles.some((needle) => text.includes(needle))) found.push(place);
      };
      const tables = await run.pool.query<{ name: string }>(
        `select table_name as name from information_schema.tables where table_schema = 'public'`,
      );
      for (const { name } of tables.rows) {
        const rows = await run.pool.query<{ row: string }>(`select t::text as row from "${name}" t`);
        for (const { row } of rows.rows) {
          look(name, row);
          for (const [, hex = ''] of row.matchAll(/\\x([0-9a-f]+)/g)) look(name, Buffer.from(hex, 'hex').toString());
        }
      }
      const { body } = await run.search.search({
        index: `${statementAlias}-*`,
        body: {
          size: 100,
          query: { bool: { should: needles.map((needle) => ({ query_string: { query: `*${needle}*` } })) } },
        },
      });
      for (const hit of body.hits.hits) look('index', JSON.stringify(hit));
      const s3 = new S3Client({ endpoint: run.environment.endpoints.aws, forcePathStyle: true, ...localAws });
      const buckets = await run.pool.query<{ bucket: string }>(
        `select distinct bucket from dead_letter where bucket <> ''`,
      );
      for (const { bucket } of buckets.rows) {
        const { Versions: versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
        for (const { Key, VersionId } of versions) {
          const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key, VersionId }));
          const text = (await object.Body?.transformToString()) ?? '';
          look('bucket', text);
          for (const [, base64 = ''] of text.matchAll(/"(?:key|value)":"([^"]+)"/g)) {
            look('bucket', Buffer.from(base64, 'base64').toString());
          }
        }
      }
      s3.destroy();
      return found;
    }
  });

  describe('retention', () => {
    it('erases what was stored before a month, and says beforehand what that is', async () => {
      const hoursAgo = 24 * 400;
      const ids = await load(run, { count: 25, hoursAgo });
      const before = new Date(Date.now() - 24 * 300 * 3_600_000).toISOString().slice(0, 7);
      const kept = await count();
      // Two dead letters that came in that time; one of them was refused again since.
      await send(['{', '[]']);
      await run.settled();
      const { rows: letters } = await run.pool.query<{ offset: string; partition: number }>(
        `update dead_letter set first_seen = first_seen - interval '400 days'
          where ctid = any(array(select ctid from dead_letter where state = 'waiting' order by first_seen desc limit 2))
         returning partition, "offset"`,
      );
      const places = { statements: 25, indexes: 1, deadLetters: letters.length };
      expect(letters).toHaveLength(2);
      expect(await ask('retention', '--before', before, '--dry-run')).toMatchObject(places);
      expect(await run.indexed(ids)).toHaveLength(25);
      expect(await ask('retention', '--before', before)).toMatchObject({ ...places, complete: true });
      expect(await count()).toBe(kept - 25);
      const { rows } = await run.pool.query('select body, agent_key from statement where id = any($1::uuid[])', [ids]);
      expect(rows).toEqual(ids.map(() => ({ body: null, agent_key: null })));
      expect((await ask('reconcile', '--scope', 'all')).drift).toMatchObject({ missing: 0, orphaned: 0 });
    });
  });

  async function removeDocument(id: string): Promise<void> {
    const { body } = await run.search.search({ index: statementAlias, body: { query: { ids: { values: [id] } } } });
    const index = body.hits.hits[0]?._index;
    if (index === undefined) throw new Error('The document is not there');
    await run.search.delete({ index, id, version: 1, version_type: 'external_gte' });
  }
});

function surveyAnswer(actor: object, survey: string, value: number) {
  const ext = 'http://nlj.platform/extensions/';
  return statement({
    actor: { objectType: 'Agent', ...actor },
    verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
    object: { id: `http://nlj.platform/content/${survey}/question/q1` },
    result: { response: String(value) },
    context: {
      extensions: { [`${ext}parent_survey`]: survey, [`${ext}question_id`]: 'q1', [`${ext}question_type`]: 'rating' },
    },
  });
}
