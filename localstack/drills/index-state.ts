import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { statementAlias } from '../../functions/core/search/index-template.ts';
import type { Bench } from './bench.ts';
import type { Drill } from './drill.ts';

const topic = 'nlj.survey.responses';
const records = 40;
const fewRecords = 5;
const pipeline = 'nlj-drill-refuses';

/** Drills on the state of the index, which is published more often than once a minute meanwhile. */
export const indexDrills: readonly Drill[] = [
  {
    name: 'index-yellow',
    says: 'more copies are asked for than there are nodes',
    runbook: 'index-yellow',
    alarms: ['index-yellow'],
    byRule: true,
    tells: /UNASSIGNED/,
    values: {},
    async open(bench) {
      const copies = async (number_of_replicas: number) => {
        await bench.search.indices.putSettings({ index: statementAlias, body: { index: { number_of_replicas } } });
      };
      await copies(1);
      return {
        did: 'a second copy of each part asked for, with one node',
        goOn: bench.storeMetrics.publish,
        mend: { did: 'copies are brought together with the nodes', run: () => copies(0) },
        undo: () => copies(0),
      };
    },
  },
  {
    name: 'index-writes-blocked',
    says: 'OpenSearch refuses writes, as it does when its disk is full',
    runbook: 'index-writes-blocked',
    alarms: ['index-writes-blocked', 'index-unavailable'],
    byRule: true,
    tells: /read_only_allow_delete": ?"true"/,
    values: {},
    also: ['index-unavailable', 'index-storage', 'index-memory'],
    async open(bench) {
      const block = async (read_only_allow_delete: boolean | null) => {
        await bench.search.indices.putSettings({
          index: statementAlias,
          body: { 'index.blocks.read_only_allow_delete': read_only_allow_delete },
        });
      };
      await block(true);
      await bench.sendGood(topic, records);
      return {
        did: `the block of a full disk put on the index, then ${records} records sent to ${topic}`,
        goOn: bench.storeMetrics.publish,
        mend: { did: 'there is storage again, and the block is gone', run: () => block(null) },
        undo: () => block(null),
      };
    },
  },
  {
    name: 'index-refuses',
    says: 'the index does not take documents as they are',
    runbook: 'correctness-budget',
    alarms: ['correctness-budget-5m'],
    tells: /index_state refused {2}index_refusal/,
    values: {},
    async open(bench) {
      await bench.search.ingest.putPipeline({
        id: pipeline,
        body: { processors: [{ convert: { field: 'verb', target_field: 'number', type: 'integer' } }] },
      });
      const through = async (name: string) => {
        await bench.search.indices.putSettings({
          index: statementAlias,
          body: { 'index.default_pipeline': name },
        });
      };
      await through(pipeline);
      await bench.sendGood(topic, records);
      return {
        did: `the index made to refuse each document, then ${records} records sent to ${topic}, and a few now and then`,
        // A rate over nothing is none: without records the alarm keeps its last one.
        goOn: async () => void (await bench.sendGood(topic, fewRecords)),
        mend: { did: 'what the index takes is corrected', run: () => through('_none') },
        undo: () => through('_none'),
      };
    },
  },
  {
    name: 'index-red',
    says: 'a part of the index is lost',
    runbook: 'index-red',
    alarms: ['index-red'],
    byRule: true,
    tells: /UNASSIGNED/,
    values: {},
    async open(bench) {
      const lost = await loseShard(bench);
      return {
        did: `the files of the only copy of part 0 of ${lost} deleted`,
        goOn: bench.storeMetrics.publish,
        mend: null,
        undo: async () => void (await bench.shell({ language: 'sh' }, 'npm run rebuild')),
      };
    },
  },
];

/** Deletes the files of the only copy of a part of the live index: of the month that has most. */
async function loseShard({ search, description }: Bench): Promise<string> {
  const { body: indices } = await search.cat.indices({ index: statementAlias, s: ['docs.count:desc'], format: 'json' });
  const [found] = Array.isArray(indices) ? indices : [];
  const index = String(found?.index ?? '');
  await search.indices.close({ index });
  const files = join(description.runDirectory, 'opensearch', 'data', 'nodes', '0', 'indices', String(found?.uuid), '0');
  await rm(files, { recursive: true });
  await search.indices.open({ index, wait_for_active_shards: '0' });
  return index;
}
