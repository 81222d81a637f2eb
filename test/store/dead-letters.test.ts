import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SourceRecord } from '../../functions/core/kafka/record.ts';
import type { AnswerTo, ReplayCounts } from '../../functions/operations/dead-letters/answer.ts';
import { operate } from '../../functions/operations/dead-letters/operations.ts';
import { eventRecord } from '../../functions/operations/dead-letters/plan.ts';
import { replay } from '../../functions/operations/dead-letters/replay.ts';
import { type DeadLetterRequestInput, requestSchema } from '../../functions/operations/dead-letters/request.ts';
import { refusedTimestamp } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase } from './support/database.ts';
import { openOperations, record } from './support/group-function.ts';

const counts = (changes: Partial<ReplayCounts>): ReplayCounts => ({
  selected: 0,
  accepted: 0,
  duplicate: 0,
  rejected: 0,
  transient: 0,
  waiting: 0,
  unreadable: 0,
  rules: {},
  ...changes,
});

describe('dead letters on PostgreSQL', () => {
  let database: Database;
  let operations: ReturnType<typeof openOperations>;
  beforeEach(async () => {
    database = await openDatabase();
    operations = openOperations(database);
  });
  afterEach(() => database.close());

  const ask = (request: DeadLetterRequestInput) => operate(requestSchema.parse(request), operations.stores);
  const replayed = async (request: Omit<Extract<DeadLetterRequestInput, { action: 'replay' }>, 'action'> = {}) => {
    const parsed = requestSchema.parse({ action: 'replay', ...request });
    if (parsed.action !== 'replay') throw new Error('another request');
    return replay(parsed, operations.stores);
  };
  const listed = async (
    request: Omit<Extract<DeadLetterRequestInput, { action: 'list' }>, 'action'> = {},
  ): Promise<AnswerTo<'list'>> => {
    const answer = await ask({ action: 'list', ...request });
    if (answer.action !== 'list') throw new Error('another answer');
    return answer;
  };
  /** Everything in the tables that a replay could change. */
  const contents = async () => {
    const letters = await database.pool.query('select * from dead_letter order by topic, partition, "offset"');
    const statements = await database.pool.query('select id, index_state from statement order by id');
    return JSON.stringify([letters.rows, statements.rows]);
  };
  /** Makes a conflict: the id is taken by another statement, which `free` removes. */
  const conflicting = async (value: {
    id: string;
  }): Promise<{ source: SourceRecord; free: () => Promise<unknown> }> => {
    await operations.consume([record({ ...value, verb: { id: 'http://adlnet.gov/expapi/verbs/failed' } })]);
    const source = record(value);
    await operations.consume([source]);
    return { source, free: () => database.pool.query('delete from statement where id = $1', [value.id]) };
  };

  it('are closed by the transaction that accepts their record, or finds it a duplicate', async () => {
    const { source, free } = await conflicting(statement());
    expect((await listed()).rows).toMatchObject([{ class: 'conflict', state: 'waiting', attempts: 1 }]);
    await free();
    await operations.consume([source]);
    expect((await listed()).rows).toMatchObject([{ state: 'replayed', attempts: 1 }]);

    const value = statement();
    const other = await conflicting(value);
    await other.free();
    await operations.consume([record(value), other.source]);
    expect((await listed({ state: 'waiting' })).rows).toEqual([]);
  });

  it('stay waiting with one more attempt and the new reason when their record is rejected again', async () => {
    const { source, free } = await conflicting(statement());
    await operations.consume([source]);
    expect((await listed()).rows).toMatchObject([{ class: 'conflict', state: 'waiting', attempts: 2 }]);
    await free();
    await operations.consume([{ ...source, value: Buffer.from('{}') }]);
    expect((await listed()).rows).toMatchObject([{ class: 'invalid', state: 'waiting', attempts: 3 }]);
  });

  it('that were replayed or discarded never wait again', async () => {
    const { source, free } = await conflicting(statement());
    expect(await ask({ action: 'discard', filter: { class: 'conflict' }, reason: 'a test' })).toMatchObject({
      classes: { conflict: 1 },
    });
    await operations.consume([source]);
    expect((await listed()).rows).toMatchObject([{ state: 'discarded', attempts: 1, discardReason: 'a test' }]);
    await free();
    expect((await replayed()).counts).toEqual(counts({}));
    expect(await ask({ action: 'discard', filter: { class: 'conflict' }, reason: 'again' })).toMatchObject({
      classes: {},
    });
  });

  it('are replayed exactly as the dry run said, and a second replay changes nothing', async () => {
    const mended = await Promise.all(Array.from({ length: 30 }, () => conflicting(statement())));
    const blocked = await conflicting(statement());
    for (const { free } of mended) await free();
    // Two records of one id: the first takes it, the equal one is a duplicate, the other one a conflict.
    const shared = statement();
    const copies = [shared, shared, { ...shared, timestamp: '2026-03-01T10:00:01Z' }].map((value) => record(value));
    const first = await conflicting(shared);
    await operations.consume(copies);
    await first.free();
    const refused = record(statement({ timestamp: refusedTimestamp }));
    const invalid = record({ verb: 'x' });
    const broken = record(null, { value: Buffer.from([0xff]) });
    await operations.consume([refused, invalid, broken]);
    const waiting = (await listed({ state: 'waiting' })).rows.length;

    const before = await contents();
    const forecast = await replayed({ dryRun: true });
    expect(await contents()).toBe(before);
    const run = await replayed();
    expect(run).toEqual({ ...forecast, dryRun: false });
    expect(run.counts).toMatchObject({ selected: waiting, accepted: 31, transient: 0, waiting: 0, unreadable: 0 });
    expect(run.counts.rules).toMatchObject({ 'unstorable unstorable': 1, 'undecodable encoding': 1 });
    expect(run.counts.accepted + run.counts.duplicate + run.counts.rejected).toBe(waiting);
    expect(blocked.source.offset).toBeGreaterThan(0);

    const statements = await database.pool.query('select count(*) from statement');
    const again = await replayed();
    expect(again.counts).toEqual({ ...run.counts, accepted: 0, duplicate: 0, selected: run.counts.rejected });
    expect((await database.pool.query('select count(*) from statement')).rows).toEqual(statements.rows);
  });

  it('are replayed page by page, each once, 1,200 of them', async () => {
    const values = Array.from({ length: 1_200 }, () => statement());
    const blockers = values.map((value) => record({ ...value, timestamp: '2026-03-01T10:00:01Z' }));
    await operations.consume(blockers);
    await operations.consume(values.map((value) => record(value)));
    await database.pool.query('delete from statement');
    operations.invocations.length = 0;
    const forecast = await replayed({ dryRun: true });
    expect(forecast.counts).toEqual(counts({ selected: 1_200, accepted: 1_200 }));
    const part = await replayed({ limit: 300 });
    expect(part).toMatchObject({ counts: { selected: 300, accepted: 300 } });
    const rest = await replayed({ after: part.next ?? '' });
    expect(rest).toMatchObject({ next: null, counts: { selected: 900, accepted: 900 } });
    expect(operations.invocations).toEqual([300, 500, 400]);
    expect((await replayed()).counts).toEqual(counts({}));
  });

  it('whose object is gone are unreadable and wait', async () => {
    const { free } = await conflicting(statement());
    await free();
    operations.objects.clear();
    const answer = counts({ selected: 1, unreadable: 1 });
    expect((await replayed({ dryRun: true })).counts).toEqual(answer);
    expect((await replayed()).counts).toEqual(answer);
    expect((await listed()).rows).toMatchObject([{ state: 'waiting' }]);
  });

  it('wait where the function does not answer, or there is no time', async () => {
    const { free } = await conflicting(statement());
    await free();
    const { stores } = operations;
    operations.stores = { ...stores, functions: { invoke: async () => null } };
    expect((await replayed()).counts).toEqual(counts({ selected: 1, waiting: 1 }));
    operations.stores = { ...stores, hasTime: () => false };
    expect((await replayed()).counts).toEqual(counts({ selected: 1, waiting: 1 }));
    operations.stores = { ...stores, healthy: async () => false };
    expect(await replayed({ whenHealthy: true })).toMatchObject({ begun: false, counts: counts({}) });
  });

  it('are selected by class, rule, topic, group, time and place', async () => {
    const survey = record({ verb: 'x' }, { topic: 'nlj.survey.responses', partition: 3 });
    const tombstone = record(null, { value: null });
    await operations.consume([survey], 'survey');
    await operations.consume([tombstone]);
    const offsets = async (filter: object) => (await listed({ filter })).rows.map(({ offset }) => offset);
    const later = new Date(Date.now() + 60_000).toISOString();
    expect(await offsets({})).toEqual([survey.offset, tombstone.offset]);
    expect(await offsets({ class: 'invalid' })).toEqual([survey.offset]);
    expect(await offsets({ rule: 'tombstone' })).toEqual([tombstone.offset]);
    expect(await offsets({ topic: survey.topic, group: 'survey' })).toEqual([survey.offset]);
    expect(await offsets({ until: later })).toHaveLength(2);
    expect(await offsets({ since: later })).toEqual([]);
    const { topic, partition, offset, timestamp } = tombstone;
    expect(await offsets({ record: { topic, partition, offset, timestamp } })).toEqual([offset]);
    expect(await offsets({ record: { topic, partition, offset, timestamp: timestamp + 1 } })).toEqual([]);
    const page = await listed({ limit: 1 });
    expect((await listed({ limit: 5, after: page.next ?? '' })).rows.map((row) => row.offset)).toEqual([offset]);
  });

  it('are shown without what a producer wrote, unless it is asked for', async () => {
    const source = record({ secret: 'of a learner' });
    await operations.consume([source]);
    const { topic, partition, offset } = source;
    const shown = await ask({ action: 'show', record: { topic, partition, offset } });
    const base64 = source.value?.toString('base64') ?? '';
    expect(JSON.stringify(shown)).not.toContain(base64);
    expect(shown).toMatchObject({ letters: [{ envelope: { valueBytes: source.value?.length, headerCount: 1 } }] });
    const whole = await ask({ action: 'show', record: { topic, partition, offset }, bytes: true });
    expect(whole).toMatchObject({ letters: [{ envelope: { bytes: { key: 'AP8=', value: base64 } } }] });
  });

  it('that a mapping gave up are admitted once, and replayed from the batch', async () => {
    const accepted = record(statement());
    const rejected = record({ verb: 'x' });
    const lost = [record(statement(), { topic: 'nlj.learning.activities' }), record(statement())];
    await operations.consume([accepted, rejected]);
    const all = [accepted, rejected, ...lost];
    const objectKey = `aws/lambda/${randomUUID()}/xapi-events-0/2026/03/01/x`;
    const event = {
      eventSource: 'aws:kafka',
      eventSourceArn: accepted.cluster,
      bootstrapServers: 'b',
      records: Object.fromEntries(
        [...Map.groupBy(all, ({ topic, partition }) => `${topic}-${partition}`)].map(([name, list]) => [
          name,
          list.map(eventRecord),
        ]),
      ),
    };
    const object = { requestContext: { condition: 'RetryAttemptsExhausted' }, payload: JSON.stringify(event) };
    operations.objects.set(objectKey, JSON.stringify(object));
    operations.objects.set('aws/lambda/other', 'no batch');
    expect(await ask({ action: 'sweep' })).toEqual({ action: 'sweep', batches: 1, admitted: 2, unreadable: 1 });
    expect(await ask({ action: 'sweep' })).toEqual({ action: 'sweep', batches: 0, admitted: 0, unreadable: 1 });
    expect(await ask({ action: 'admit', objectKey })).toEqual({ action: 'admit', records: 4, admitted: 0 });
    expect((await listed({ filter: { class: 'exhausted' } })).rows).toMatchObject(
      lost.map(({ topic }) => ({ topic, objectKey, group: 'learning', errors: [{ found: 'RetryAttemptsExhausted' }] })),
    );
    const answer = counts({ selected: 2, accepted: 2 });
    expect((await replayed({ filter: { class: 'exhausted' }, dryRun: true })).counts).toEqual(answer);
    expect((await replayed({ filter: { class: 'exhausted' } })).counts).toEqual(answer);
    expect((await replayed({ filter: { class: 'exhausted' } })).counts).toEqual(counts({}));
  });
});
