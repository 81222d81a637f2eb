import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { rowSchema } from '../../functions/operations/dead-letters/answer.ts';
import { localAws } from '../../localstack/deploy.ts';
import { invocationRecord } from '../../localstack/event-source/destination.ts';
import { toSourceRecord } from '../../localstack/event-source/event-json.ts';
import { statement } from '../support/statement.ts';
import { command } from './support/command.ts';
import { openRun, type Run } from './support/run.ts';

const topic = 'xapi-events';
const partition = 5;
const accountSchema = z.object({ account: z.object({ name: z.string() }) });
const batchSchema = z.object({ payload: z.string() });
const eventSchema = z.object({ records: z.record(z.string(), z.array(z.object({ value: z.string() }))) });
const rowsSchema = z.array(rowSchema);
const replaySchema = z.object({
  dryRun: z.boolean(),
  begun: z.boolean(),
  counts: z.looseObject({ selected: z.number(), accepted: z.number(), rejected: z.number() }),
});

describe('dead letters of the running system', () => {
  let run: Run;
  beforeAll(async () => {
    run = await openRun();
  });
  afterAll(() => run.close());

  const dlq = (...words: string[]) => command(run.environment, 'dlq', ...words);
  const since = new Date().toISOString();
  const values = Array.from({ length: 1_000 }, () => statement());
  const invalid = 3;

  it('are listed and shown', async () => {
    const send = (list: readonly unknown[]) =>
      run.sender.send(
        list.map((value) => ({ topic, partition, key: null, value: Buffer.from(JSON.stringify(value)) })),
      );
    await send(values.map((value) => ({ ...value, timestamp: '2026-03-01T10:00:01Z' })));
    await run.settled();
    await send([...values, ...Array.from({ length: invalid }, () => ({ verb: 'none' }))]);
    const table = await run.settled();
    expect(table.complete, JSON.stringify(table)).toBe(true);
    const rows = rowsSchema.parse(await dlq('list', '--since', since, '--topic', topic, '--limit', '2000'));
    expect(rows.filter((row) => row.class === 'conflict')).toHaveLength(values.length);
    expect(rows.filter((row) => row.class === 'invalid')).toHaveLength(invalid);
    const place = `${topic}/${partition}/${rows[0]?.offset}`;
    const whole = JSON.stringify(values[0]);
    expect(JSON.stringify(await dlq('show', place))).not.toContain(Buffer.from(whole).toString('base64'));
    expect(JSON.stringify(await dlq('show', place, '--bytes'))).toContain(Buffer.from(whole).toString('base64'));
  });

  it('are replayed as the dry run said once their cause is mended, and a second replay changes nothing', async () => {
    await run.pool.query('delete from statement where id = any($1)', [values.map(({ id }) => id)]);
    const replay = async (...words: string[]) =>
      replaySchema.parse(await dlq('replay', '--since', since, '--topic', topic, ...words));
    const forecast = await replay('--dry-run');
    expect(forecast.counts).toMatchObject({
      selected: values.length + invalid,
      accepted: values.length,
      rejected: invalid,
    });
    expect((await ledger()).length).toBe(0);
    const result = await replay();
    expect(result).toEqual({ ...forecast, dryRun: false });
    expect(await ledger()).toEqual(values.map(({ id }) => id).sort());
    expect((await run.indexed(values.map(({ id }) => id))).length).toBe(values.length);
    expect((await replay('--class', 'conflict')).counts).toMatchObject({ selected: 0 });
    expect((await replay()).counts).toMatchObject({ selected: invalid, accepted: 0, rejected: invalid });
    const table = await run.settled();
    expect(table.complete, JSON.stringify(table)).toBe(true);
  });

  it('are discarded with a reason', async () => {
    const words = ['--class', 'invalid', '--since', since, '--topic', topic, '--reason', 'test of a producer'];
    expect(await dlq('discard', ...words, '--dry-run')).toMatchObject({ classes: { invalid } });
    expect(await dlq('discard', ...words)).toMatchObject({ classes: { invalid } });
    expect(await dlq('discard', ...words)).toMatchObject({ classes: {} });
  });

  it('come from a batch that a mapping gave up, by the bucket itself, and are replayed once', async () => {
    const lost = Array.from({ length: 5 }, () => statement());
    const { aws } = run.environment.endpoints;
    const s3 = new S3Client({ endpoint: aws, forcePathStyle: true, ...localAws });
    const { Buckets: buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const bucket = buckets.find(({ Name }) => Name?.includes('deadletters'))?.Name;
    const batch = invocationRecord({
      mappingUuid: randomUUID(),
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:nlj-events-local-learning',
      envelope: { eventSourceArn: run.environment.cluster, bootstrapServers: 'localhost:9092' },
      segment: {
        records: lost.map((value, number) =>
          toSourceRecord({
            topic,
            partition,
            // Beyond what Kafka holds, as after its retention.
            offset: 1_000_000 + number,
            timestamp: 1_770_000_000_000,
            timestampType: 'CREATE_TIME',
            key: null,
            value: Buffer.from(JSON.stringify(value)),
            headers: [],
          }),
        ),
        failures: 10_000,
        invocations: 10_001,
        waits: 0,
        tooLarge: false,
        response: null,
        requestId: null,
      },
      condition: 'RetryAttemptsExhausted',
      at: new Date(),
    });
    const Key = `aws/lambda/${randomUUID()}/${topic}-${partition}/2026/03/01/2026-03-01T10.00.00-${randomUUID()}`;
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: JSON.stringify(batch) }));
    const admitted = async () =>
      rowsSchema.parse(await dlq('list', '--state', 'all', '--class', 'exhausted', '--since', since));
    const deadline = Date.now() + 60_000;
    while ((await admitted()).length < lost.length && Date.now() < deadline) await sleep(1_000);
    expect(await admitted()).toHaveLength(lost.length);
    expect(await dlq('sweep')).toEqual({ action: 'sweep', batches: 0, admitted: 0, unreadable: 0 });
    // The schedule asks the same every five minutes, and may have been first.
    await dlq('replay', '--class', 'exhausted', '--when-healthy');
    expect((await admitted()).map(({ state }) => state)).toEqual(lost.map(() => 'replayed'));
    const ids = lost.map(({ id }) => id).sort();
    expect((await run.indexed(ids)).sort()).toEqual(ids);

    // An erasure writes the batch anew without the person's record.
    const [erased, ...others] = lost.map(({ actor }) => accountSchema.parse(actor).account.name);
    await command(run.environment, 'maintenance', 'erase', '--user', String(erased));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const { payload } = batchSchema.parse(JSON.parse((await Body?.transformToString()) ?? ''));
    const left = Object.values(eventSchema.parse(JSON.parse(payload)).records)
      .flat()
      .map(({ value }) => Buffer.from(value, 'base64').toString())
      .join();
    expect(left).not.toContain(erased);
    for (const name of others) expect(left).toContain(name);
    const { Versions: versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: Key }));
    expect(versions).toHaveLength(1);
    s3.destroy();
  });

  async function ledger(): Promise<string[]> {
    const { rows } = await run.pool.query<{ id: string }>('select id from statement where id = any($1)', [
      values.map(({ id }) => id),
    ]);
    return rows.map(({ id }) => id).sort();
  }
});
