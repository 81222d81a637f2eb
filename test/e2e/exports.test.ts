import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportEnvironment } from '../../functions/core/environment.ts';
import type { ExportData, ExportRequest } from '../../functions/exports/contract.ts';
import { s3ExportFiles } from '../../functions/exports/files.ts';
import { createExport, type ExportServices, readExport } from '../../functions/exports/service.ts';
import { exportName, functionName } from '../../lib/catalogue.ts';
import { localAws } from '../../localstack/deploy.ts';
import { command } from './support/command.ts';
import { load } from './support/load.ts';
import { openRun, type Run } from './support/run.ts';

describe('exports of the running system', () => {
  let run: Run;
  let services: ExportServices;
  let lambda: LambdaClient;
  let s3: S3Client;
  let bucket: string;
  let ids: string[];
  const name = functionName('local', exportName);

  beforeAll(async () => {
    run = await openRun();
    const client = { endpoint: run.environment.endpoints.aws, ...localAws };
    lambda = new LambdaClient(client);
    s3 = new S3Client({ ...client, forcePathStyle: true });
    const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    bucket = exportEnvironment.parse(Environment?.Variables).EXPORT_BUCKET;
    services = { pool: run.pool, files: s3ExportFiles(s3, bucket), invokeWorker: (id) => invoke(id, 'Event') };
    ids = await load(run, { count: 30, hoursAgo: 1 });
    await run.indexed([]);
  });
  afterAll(async () => {
    lambda.destroy();
    s3.destroy();
    await run.close();
  });

  const invoke = async (id: string, how: 'Event' | 'RequestResponse'): Promise<void> => {
    await lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: how, Payload: JSON.stringify({ id }) }));
  };
  const finished = async (request: ExportRequest): Promise<ExportData> => {
    const { id } = await createExport(services, request);
    for (;;) {
      const data = await readExport(services, id);
      if (data !== null && !['requested', 'running'].includes(data.state)) return data;
      await sleep(250);
    }
  };
  const objects = async (): Promise<string[]> => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key = '' }) => Key);
  };
  const download = async ({ url }: ExportData): Promise<Response> => fetch(url ?? '');

  it('makes a file of each kind, behind a link that saves it', async () => {
    for (const dataType of ['overview', 'learners', 'activities', 'statements'] as const) {
      for (const format of ['csv', 'json'] as const) {
        const data = await finished({ format, dataType });
        expect(data).toMatchObject({ state: 'finished', failure: null });
        const response = await download(data);
        expect(response.status).toBe(200);
        expect(response.headers.get('content-disposition')).toBe(
          `attachment; filename="${dataType}-${data.id}.${format}"`,
        );
        const text = await response.text();
        expect(Buffer.byteLength(text)).toBe(data.bytes === null ? null : data.bytes - (format === 'csv' ? 3 : 0));
        if (format === 'json') expect(JSON.parse(text)).toHaveLength(data.rows ?? 0);
        if (dataType === 'statements') for (const id of ids) expect(text).toContain(id);
      }
    }
  });

  it('writes a file of many parts, and nothing when the worker is invoked again', async () => {
    // Nobody else's: no topic's, refused by the index, and gone afterwards.
    const rows = 12_000;
    const text = `<${randomUUID()}>`;
    await run.pool.query(
      `insert into statement (id, body, canonical_hash, received_hash, topic_group, event, origin, stored, statement_time, topic,
                              partition, "offset", index_state)
       select gen_random_uuid(), json_build_object('id', n::text, 'version', $2 || repeat('.', 900)), '', '', 'learning', 'activity.other',
              'producer', now(), '2001-01-01', 'loaded', 0, n, 'refused'
         from generate_series(1, $1::integer) as n`,
      [rows, text],
    );
    try {
      const data = await finished({ format: 'json', dataType: 'statements', until: '2001-01-02T00:00:00Z' });
      expect(data).toMatchObject({ state: 'finished', rows });
      expect(data.bytes).toBeGreaterThan(8 * 1024 * 1024);
      const parsed: { id: string }[] = JSON.parse(await (await download(data)).text());
      expect(parsed.map(({ id }) => Number(id)).sort((left, right) => left - right)).toEqual(
        Array.from({ length: rows }, (_, number) => number + 1),
      );
      const before = await objects();
      await invoke(data.id, 'RequestResponse');
      expect(await objects()).toEqual(before);
      expect(await readExport(services, data.id)).toMatchObject({ state: 'finished', rows });
    } finally {
      await run.pool.query(`delete from statement where topic = 'loaded' and statement_time = '2001-01-01'`);
    }
  });

  it('has no file left after somebody was erased', async () => {
    const data = await finished({ format: 'csv', dataType: 'learners' });
    const { rows } = await run.pool.query(`select count(*)::int as count from export_job where state = 'finished'`);
    const answer = await command(run.environment, 'maintenance', 'erase', '--user', randomUUID());
    expect(answer).toMatchObject({ counts: { exports: rows[0]?.count } });
    expect(await objects()).toEqual([]);
    expect((await download(data)).status).toBe(404);
    expect(await readExport(services, data.id)).toMatchObject({ state: 'expired', url: null });
  });
});
