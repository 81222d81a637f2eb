import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Client } from '@opensearch-project/opensearch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TransientError } from '../../../functions/core/errors.ts';
import { exportContent } from '../../../functions/exports/content.ts';
import type { ExportRequest } from '../../../functions/exports/contract.ts';
import { eraseFiles } from '../../../functions/exports/erase.ts';
import { type Attempt, objectKeyOf } from '../../../functions/exports/job.ts';
import { takeJob } from '../../../functions/exports/lease.ts';
import { createExport, readExport } from '../../../functions/exports/service.ts';
import { type ExportContent, runExport, type Worker } from '../../../functions/exports/worker.ts';
import { entry } from '../../support/entries.ts';
import { statement } from '../../support/statement.ts';
import { type Database, openDatabase } from '../support/database.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase(6);
});
afterAll(() => database.close());
beforeEach(() => database.pool.query('truncate statement, export_job'));

/** The bucket, as far as tests look into it. */
const objects = new Map<string, string>();
const files = {
  async write(objectKey: string, content: NodeJS.ReadableStream) {
    objects.set(objectKey, await text(content));
  },
  async remove(objectKey: string) {
    objects.delete(objectKey);
  },
  link: async (objectKey: string) => `https://bucket.example.org/${objectKey}`,
  async removeAllBut(kept: () => Promise<ReadonlySet<string>>) {
    const keep = await kept();
    for (const key of objects.keys()) if (!keep.has(key)) objects.delete(key);
  },
};

const invoked: string[] = [];
function services() {
  return { pool: database.pool, files, invokeWorker: async (id: string) => void invoked.push(id) };
}

/** Statements are read from PostgreSQL: nobody answers here. */
const search = new Client({ node: 'http://127.0.0.1:9' });

function worker(content: (attempt: Attempt) => ExportContent = real): Worker {
  return { pool: database.pool, files, content };
}
function real(attempt: Attempt): ExportContent {
  return exportContent({ pool: database.pool, search, now: () => new Date() }, attempt);
}

const everything: ExportRequest = { format: 'json', dataType: 'statements' };

async function requested(request = everything): Promise<string> {
  return (await createExport(services(), request)).id;
}

/** Rows of the export as they were written. */
function exported(id: string, attempt = 1): { id: string }[] {
  return JSON.parse(objects.get(`exports/${id}/${attempt}.json`) ?? 'null');
}

/** As if the last sign of life had been long ago. */
const letTimePass = (id: string) =>
  database.pool.query(
    `update export_job set invoked_at = now() - interval '1 hour', lease_until = lease_until - interval '1 hour' where id = $1`,
    [id],
  );

/** Many rows at once, straight into the ledger's table. */
const fill = (count: number) =>
  database.pool.query(
    `insert into statement (id, body, canonical_hash, received_hash, topic_group, event, origin, stored, statement_time, agent_key)
     select gen_random_uuid(), json_build_object('id', n, 'verb', json_build_object('id', 'http://adlnet.gov/expapi/verbs/completed')),
            '', '', 'learning', 'activity.completed', 'producer', now() + n * interval '1 ms', now(), 'key'
       from generate_series(1, $1::integer) as n`,
    [count],
  );

describe('an export of statements', () => {
  it('is complete beyond 10,000, in the order of arrival, and of one moment', async () => {
    await fill(10_500);
    const id = await requested();
    let pages = 0;
    const outcome = await runExport(
      id,
      worker((attempt) => {
        const content = real(attempt);
        async function* interrupted() {
          for await (const piece of content.text) {
            if (pages === 1) {
              await fill(20);
              await database.pool.query('update statement set voided = true');
            }
            pages += 1;
            yield piece;
          }
        }
        return { ...content, text: interrupted() };
      }),
    );
    expect(outcome).toMatchObject({ kind: 'finished', attempt: 1, rows: 10_500 });
    expect(pages).toBeGreaterThan(10);
    const numbers = exported(id).map((row) => Number(row.id));
    expect(numbers).toEqual(Array.from({ length: 10_500 }, (_, number) => number + 1));
    expect(await readExport(services(), id)).toMatchObject({
      state: 'finished',
      rows: 10_500,
      bytes: Buffer.byteLength(objects.get(`exports/${id}/1.json`) ?? ''),
      url: `https://bucket.example.org/exports/${id}/1.json`,
    });
  });

  it('has nothing about surveys, nothing voided or erased, and nobody by name', async () => {
    const ext = 'http://nlj.platform/extensions/';
    const inSurvey = {
      context: { extensions: { [`${ext}parent_survey`]: randomUUID(), [`${ext}question_id`]: 'q1' } },
    };
    const name = 'Noor Example';
    const kept = statement({
      actor: { name, account: { homePage: 'http://nlj.platform', name: 'user-17' } },
      result: { response: 'my words', success: true },
    });
    const voided = statement();
    const answer = { ...inSurvey, verb: { id: 'http://adlnet.gov/expapi/verbs/answered' }, result: { response: '4' } };
    await database.ledger().commit([
      entry(kept),
      entry(voided),
      entry(statement(answer)),
      // By verb no event of a survey, and yet about one.
      entry(statement({ ...inSurvey, verb: { id: 'http://adlnet.gov/expapi/verbs/interacted' } })),
      entry(statement(answer), { topic: 'nlj.survey.responses' }),
      entry(statement({ verb: { id: 'http://adlnet.gov/expapi/verbs/interacted' } }), {
        topic: 'nlj.survey.responses',
      }),
    ]);
    await database.pool.query('update statement set voided = true where id = $1', [voided.id]);
    await database.pool.query(`update statement set topic_group = 'survey' where topic = 'nlj.survey.responses'`);
    const json = await requested();
    const csv = await requested({ ...everything, format: 'csv' });
    for (const id of [json, csv]) expect(await runExport(id, worker())).toMatchObject({ kind: 'finished', rows: 1 });
    expect(exported(json).map(({ id }) => id)).toEqual([kept.id]);
    const both = [objects.get(`exports/${json}/1.json`), objects.get(`exports/${csv}/1.csv`)];
    for (const file of both) {
      expect(file).toContain(kept.id);
      expect(file).not.toMatch(/Noor|user-17|my words/);
    }
  });

  it('holds the statements whose time is in the window', async () => {
    const at = (timestamp: string) => statement({ timestamp });
    const inside = at('2026-03-01T00:00:00Z');
    const statements = [at('2026-02-28T23:59:59.999Z'), inside, at('2026-03-02T00:00:00Z')];
    await database.ledger().commit(statements.map((value) => entry(value)));
    const id = await requested({ ...everything, since: '2026-03-01T00:00:00Z', until: '2026-03-02T00:00:00Z' });
    await runExport(id, worker());
    expect(exported(id).map((row) => row.id)).toEqual([inside.id]);
  });
});

describe('a job', () => {
  const failing = (error: Error) =>
    worker(() => ({
      rows: () => 0,
      text: (async function* () {
        yield '[';
        throw error;
      })(),
    }));

  it('is requested, invokes the worker once, and is nobody else’s when it is asked for', async () => {
    invoked.length = 0;
    const id = await requested();
    expect(invoked).toEqual([id]);
    expect(await readExport(services(), id)).toMatchObject({ state: 'requested', url: null, rows: null });
    expect(invoked).toEqual([id]);
    expect(await readExport(services(), randomUUID())).toBeNull();
  });

  it('is made once by workers that are invoked at the same time, and not again later', async () => {
    await fill(300);
    const id = await requested();
    const outcomes = await Promise.all([runExport(id, worker()), runExport(id, worker())]);
    outcomes.push(await runExport(id, worker()));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['finished', 'not-taken', 'not-taken']);
    expect(await runExport(randomUUID(), worker())).toEqual({ kind: 'not-taken' });
  });

  it('is free again after a store was down, and failed after three times', async () => {
    const id = await requested();
    const down = failing(new TransientError('down'));
    for (const state of ['requested', 'requested', 'failed']) {
      await expect(runExport(id, down)).rejects.toThrow('down');
      expect(await readExport(services(), id)).toMatchObject({ state });
    }
    expect(await readExport(services(), id)).toMatchObject({ failure: 'interrupted', finished_at: expect.any(String) });
    expect(await runExport(id, worker())).toEqual({ kind: 'not-taken' });
  });

  it('is failed at once by a defect', async () => {
    const id = await requested();
    await expect(runExport(id, failing(new TypeError('defect')))).rejects.toThrow('defect');
    expect(await readExport(services(), id)).toMatchObject({ state: 'failed', failure: 'internal' });
  });

  it('is taken up by its reader when its worker died; the dead one can neither finish it nor leave a file', async () => {
    await fill(300);
    const id = await requested();
    let isSecondDone = false;
    const first = runExport(
      id,
      worker((attempt) => {
        const content = real(attempt);
        async function* paused() {
          for await (const piece of content.text) {
            if (!isSecondDone) {
              await letTimePass(id);
              invoked.length = 0;
              expect(await readExport(services(), id)).toMatchObject({ state: 'requested' });
              expect(invoked).toEqual([id]);
              expect(await runExport(id, worker())).toMatchObject({ kind: 'finished', attempt: 2, rows: 300 });
              isSecondDone = true;
            }
            yield piece;
          }
        }
        return { ...content, text: paused() };
      }),
    );
    expect(await first).toEqual({ kind: 'lost', attempt: 1 });
    expect(objects.has(`exports/${id}/1.json`)).toBe(false);
    expect(exported(id, 2)).toHaveLength(300);
    expect(await readExport(services(), id)).toMatchObject({ state: 'finished', rows: 300 });
  });

  it('is given up by its reader when the third worker died too', async () => {
    const id = await requested();
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await takeJob(database.pool, id)).toMatchObject({ attempt });
      await letTimePass(id);
    }
    invoked.length = 0;
    expect(await readExport(services(), id)).toMatchObject({ state: 'failed', failure: 'interrupted' });
    expect(invoked).toEqual([]);
  });

  it('is expired once its file is too old', async () => {
    const id = await requested();
    await runExport(id, worker());
    await database.pool.query(`update export_job set finished_at = finished_at - interval '3 days'`);
    expect(await readExport(services(), id)).toMatchObject({ state: 'expired', url: null });
  });
});

it('an erasure leaves no file, not even one that is being written', async () => {
  await fill(300);
  objects.clear();
  const finished = await requested();
  await runExport(finished, worker());
  const running = await requested();
  const outcome = await runExport(
    running,
    worker((attempt) => {
      const content = real(attempt);
      let isErased = false;
      async function* erasedMeanwhile() {
        for await (const piece of content.text) {
          yield piece;
          if (!isErased) expect(await eraseFiles(database.pool, files)).toBe(1);
          isErased = true;
        }
      }
      return { ...content, text: erasedMeanwhile() };
    }),
  );
  expect(outcome).toEqual({ kind: 'lost', attempt: 1 });
  expect([...objects.keys()]).toEqual([]);
  expect(await readExport(services(), finished)).toMatchObject({ state: 'expired', url: null });
  // It begins anew, on what is left.
  expect(await runExport(running, worker())).toMatchObject({ kind: 'finished', attempt: 2 });
  expect([...objects.keys()]).toEqual([objectKeyOf({ id: running, attempt: 2, format: 'json' })]);
});
