import { setTimeout as sleep } from 'node:timers/promises';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import { forgetLock } from '../forgotten-lock.ts';
import { type Bench, limits } from './bench.ts';
import { type Drill, readValue } from './drill.ts';

const topic = 'nlj.survey.responses';
const records = 40;
const deleted = 5;
/** Between two disappearances of documents: another period of the alarm. */
const againMillis = 25_000;

/** Drills on what the functions write to. */
export const storeDrills: readonly Drill[] = [
  engineDown({
    name: 'index-down',
    engine: 'opensearch',
    runbook: 'index-unavailable',
    says: 'OpenSearch is stopped under a running platform',
    tells: /store is down.*index|pending/,
  }),
  engineDown({
    name: 'database-down',
    engine: 'postgres',
    runbook: 'database-unavailable',
    says: 'PostgreSQL is stopped under a running platform',
    tells: /store is down.*database/,
  }),
  {
    name: 'lock-held',
    says: 'a forgotten session holds a lock that functions wait for',
    runbook: 'database-unavailable',
    alarms: ['database-unavailable'],
    tells: /blocked_by \d+/,
    values: { group: 'survey' },
    also: ['near-timeout', 'database-cpu', 'database-connections'],
    async open(bench) {
      const session = await forgetLock(bench.description.endpoints.postgres, 'statement');
      await bench.sendGood(topic, records);
      return {
        did: `a session has locked the table statement and gone idle, then ${records} records sent to ${topic}`,
        read: (look) => readValue('pid', /blocked_by (\d+)/, look),
        mend: null,
        undo: () => session.end(),
      };
    },
  },
  {
    name: 'drift',
    says: 'documents are deleted from the index behind the platform’s back',
    runbook: 'drift',
    alarms: ['drift'],
    tells: /[1-9]\d* missing/,
    values: {},
    async open(bench) {
      const ids = await bench.sendGood(topic, 2 * deleted);
      await untilLeftToReconciler(bench, ids);
      await deleteDocuments(bench, ids.slice(0, deleted));
      await reconcile(bench);
      const again = Date.now() + againMillis;
      let left = ids.slice(deleted);
      return {
        did: `${deleted} documents deleted and mended by a run of the reconciler, then ${deleted} others`,
        async goOn() {
          if (left.length === 0 || Date.now() < again) return;
          await deleteDocuments(bench, left);
          left = [];
          await reconcile(bench);
          // Found by the first look of the runbook.
          await deleteDocuments(bench, ids);
        },
        mend: null,
        undo: () => reconcile(bench),
      };
    },
  },
];

interface EngineDown extends Pick<Drill, 'name' | 'says' | 'runbook' | 'tells'> {
  readonly engine: 'opensearch' | 'postgres';
}

function engineDown({ engine, ...drill }: EngineDown): Drill {
  return {
    ...drill,
    alarms: [drill.runbook, 'stores-down'],
    also: ['stores-down'],
    values: { group: 'survey' },
    async open(bench) {
      await bench.engines[engine].stop();
      await bench.sendGood(topic, records);
      const start = () => bench.engines[engine].start();
      return {
        did: `${engine} stopped, then ${records} records sent to ${topic}`,
        mend: { did: `${engine} is brought back`, run: start },
        undo: start,
      };
    },
  };
}

async function reconcile(bench: Bench): Promise<void> {
  const { ok, lines } = await bench.shell({ language: 'sh' }, 'npm run reconcile -- --stage local');
  if (!ok) throw new Error(`The reconciler did not mend it: ${lines.join('; ')}`);
}

/** Until rows are so old that the reconciler does not leave them to the functions. */
async function untilLeftToReconciler({ pool }: Bench, ids: readonly string[]): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::integer as count from statement
        where id = any($1) and index_state = 'indexed' and stored < now() - $2 * interval '1 s'`,
      [ids, limits.functionTimeoutSeconds],
    );
    if (rows[0]?.count === ids.length) return;
    await sleep(1_000);
  }
}

/** Under the version that each has: another one OpenSearch remembers for a minute, and takes no older document meanwhile. */
async function deleteDocuments({ search }: Bench, ids: readonly string[]): Promise<void> {
  const { body } = await search.search({
    index: statementAlias,
    body: { size: ids.length, _source: false, version: true, query: { ids: { values: [...ids] } } },
  });
  for (const { _id, _index: index, _version } of body.hits.hits) {
    if (index === undefined) throw new Error('A document without an index');
    await search.delete({ id: String(_id), index, version: Number(_version), version_type: 'external_gte' });
  }
  await search.indices.refresh({ index: statementAlias });
}
