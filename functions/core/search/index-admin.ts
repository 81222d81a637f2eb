import type { Client } from '@opensearch-project/opensearch';
import { z } from 'zod';
import { TransientError } from '../errors.ts';
import { documentMapping, generationName, indexName, indexTemplate, statementAlias } from './index-template.ts';
import { classified, statusOf, typeOf } from './search-errors.ts';

/** Documents of one hour of stored time, summed. */
export interface HourSum {
  readonly documents: number;
  /** Sum of their versions. */
  readonly versions: number;
}

/** A range of stored time, ISO 8601: from inclusive, before exclusive. */
export interface StoredRange {
  readonly from: string;
  readonly before: string;
}

export interface DocumentPlace {
  readonly id: string;
  /** Any time of the month of its index. */
  readonly stored: string;
  readonly version: number;
}

/**
 * Generations of the index as a whole: what is done seldom, and never for a single batch.
 * Every call throws TransientError | ConfigurationError.
 */
export interface IndexAdmin {
  /** Writes a generation's template; `live` ones give their indexes the alias. Mappings of its indexes get new fields. */
  putTemplate(generation: number, live: boolean): Promise<void>;
  /** Hash of the mapping that a generation's template has; null where there is no template. */
  templateHash(generation: number): Promise<string | null>;
  /** Makes the indexes of these months of a generation, where absent. */
  createMonths(generation: number, stored: readonly string[]): Promise<void>;
  /** Moves the alias from all other generations to this one, in one step. */
  moveAlias(generation: number): Promise<void>;
  /** Deletes a generation's template and indexes. */
  drop(generation: number): Promise<void>;
  /** Deletes the indexes of a generation that hold only what was stored before a month's first day, and returns how many. */
  dropMonthsBefore(generation: number, month: string): Promise<number>;
  /** Makes everything written so far visible to `hours`, `versions` and `removePeople`. */
  refresh(generation: number): Promise<void>;
  /** Documents by hour of stored time, `2026-11-24T19`. Only hours that have any. */
  hours(generation: number, range: StoredRange): Promise<ReadonlyMap<string, HourSum>>;
  /** Versions by id of a range. */
  versions(generation: number, range: StoredRange): Promise<ReadonlyMap<string, number>>;
  /** Deletes documents that are not newer than the version given, and returns how many. */
  remove(generation: number, documents: readonly DocumentPlace[]): Promise<number>;
  /** Deletes the documents of people and returns how many. */
  removePeople(generation: number, agentKeys: readonly string[]): Promise<number>;
}

const hourPage = z.object({
  aggregations: z
    .object({
      hours: z.object({
        after_key: z.object({ hour: z.number() }).optional(),
        buckets: z.array(
          z.object({
            key: z.object({ hour: z.number() }),
            doc_count: z.number(),
            versions: z.object({ value: z.number() }),
          }),
        ),
      }),
    })
    // No index of the generation exists yet.
    .optional(),
});

const versionPage = z.object({
  hits: z.object({
    hits: z.array(
      z.object({
        _id: z.string(),
        _source: z.object({ version: z.number().default(0) }),
        sort: z.array(z.union([z.string(), z.number()])),
      }),
    ),
  }),
});

const templateAnswer = z.object({
  index_templates: z
    .array(
      z.object({ index_template: z.object({ _meta: z.object({ mappingHash: z.string().optional() }).optional() }) }),
    )
    .default([]),
});

const pageSize = 5_000;

export function openSearchAdmin(client: Client, { replicas }: { readonly replicas: number }): IndexAdmin {
  const pattern = (generation: number) => `${generationName(generation)}-*`;
  return {
    putTemplate: (generation, live) =>
      classified(async () => {
        const { name, body } = indexTemplate({ generation, live, replicas });
        await client.indices.putIndexTemplate({ name, body });
        const { properties } = documentMapping;
        await client.indices
          .putMapping({ index: pattern(generation), allow_no_indices: true, body: { properties } })
          // A field that changed its type: the generation keeps what it has, the next one has the new.
          .catch((error: unknown) => {
            if (statusOf(error) !== 400) throw error;
          });
      }),
    templateHash: (generation) =>
      classified(async () => {
        const name = generationName(generation);
        const { body } = await client.indices.getIndexTemplate({ name }).catch((error: unknown) => {
          if (statusOf(error) === 404) return { body: {} };
          throw error;
        });
        return templateAnswer.parse(body).index_templates[0]?.index_template._meta?.mappingHash ?? null;
      }),
    createMonths: (generation, stored) =>
      classified(async () => {
        for (const index of new Set(stored.map((time) => indexName(generation, time)))) {
          await client.indices.create({ index }).catch((error: unknown) => {
            if (typeOf(error) !== 'resource_already_exists_exception') throw error;
          });
        }
      }),
    moveAlias: (generation) =>
      classified(async () => {
        const { body } = await client.indices.getAlias({ name: statementAlias }).catch((error: unknown) => {
          if (statusOf(error) === 404) return { body: {} };
          throw error;
        });
        const others = Object.keys(body).filter((index) => !index.startsWith(`${generationName(generation)}-`));
        await client.indices.updateAliases({
          body: {
            actions: [
              ...others.map((index) => ({ remove: { index, alias: statementAlias } })),
              { add: { index: pattern(generation), alias: statementAlias } },
            ],
          },
        });
      }),
    drop: (generation) =>
      classified(async () => {
        await dropIndexes(client, await indexNames(client, pattern(generation)));
        await client.indices.deleteIndexTemplate({ name: generationName(generation) }).catch((error: unknown) => {
          if (statusOf(error) !== 404) throw error;
        });
      }),
    dropMonthsBefore: (generation, month) =>
      classified(async () => {
        const first = indexName(generation, `${month}-01`);
        const older = (await indexNames(client, pattern(generation))).filter((name) => name < first);
        await dropIndexes(client, older);
        return older.length;
      }),
    refresh: (generation) =>
      classified(async () => {
        await client.indices.refresh({ index: pattern(generation), allow_no_indices: true });
      }),
    hours: (generation, range) => classified(() => hours(client, pattern(generation), range)),
    versions: (generation, range) => classified(() => versions(client, pattern(generation), range)),
    remove: (generation, documents) =>
      classified(async () => {
        if (documents.length === 0) return 0;
        // With its version: a deletion without one counts as a newer version, which the row's own could not undo for a while.
        const lines = documents.map(({ id, stored, version }) =>
          JSON.stringify({
            delete: { _index: indexName(generation, stored), _id: id, version, version_type: 'external_gte' },
          }),
        );
        const { body } = await client.transport.request({
          method: 'POST',
          path: '/_bulk',
          bulkBody: `${lines.join('\n')}\n`,
        });
        const { items } = deletions.parse(body);
        const failed = items.filter(
          ({ delete: item }) => item.status >= 400 && item.status !== 404 && item.status !== 409,
        );
        if (failed.length > 0) throw new TransientError(`The index did not delete ${failed.length} documents`);
        return items.filter(({ delete: item }) => item.status < 400).length;
      }),
    removePeople: (generation, agentKeys) =>
      classified(async () => {
        const { body } = await client.deleteByQuery({
          index: pattern(generation),
          allow_no_indices: true,
          ignore_unavailable: true,
          conflicts: 'proceed',
          refresh: true,
          body: { query: { terms: { agent_key: [...agentKeys] } } },
        });
        return deletedCount.parse(body).deleted;
      }),
  };
}

const deletedCount = z.object({ deleted: z.number() });

const deletions = z.object({ items: z.array(z.object({ delete: z.object({ status: z.number() }) })) });

async function hours(client: Client, index: string, { from, before }: StoredRange): Promise<Map<string, HourSum>> {
  const sums = new Map<string, HourSum>();
  let after: { hour: number } | undefined;
  do {
    const { body } = await client.search({
      index,
      allow_no_indices: true,
      ignore_unavailable: true,
      body: {
        size: 0,
        query: { range: { stored: { gte: from, lt: before } } },
        aggs: {
          hours: {
            composite: {
              size: 1_000,
              sources: [{ hour: { date_histogram: { field: 'stored', fixed_interval: '1h' } } }],
              ...(after === undefined ? {} : { after }),
            },
            aggs: { versions: { sum: { field: 'version' } } },
          },
        },
      },
    });
    const page = hourPage.parse(body).aggregations?.hours;
    for (const { key, doc_count: documents, versions: sum } of page?.buckets ?? []) {
      sums.set(new Date(key.hour).toISOString().slice(0, 13), { documents, versions: sum.value });
    }
    after = page?.after_key;
  } while (after !== undefined);
  return sums;
}

async function versions(client: Client, index: string, { from, before }: StoredRange): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  let after: (string | number)[] | undefined;
  do {
    const { body } = await client.search({
      index,
      allow_no_indices: true,
      ignore_unavailable: true,
      body: {
        size: pageSize,
        _source: ['version'],
        query: { range: { stored: { gte: from, lt: before } } },
        sort: [{ stored: 'asc' }, { id: 'asc' }],
        ...(after === undefined ? {} : { search_after: after }),
      },
    });
    const { hits } = versionPage.parse(body).hits;
    for (const { _id, _source } of hits) found.set(_id, _source.version);
    after = hits.length < pageSize ? undefined : hits.at(-1)?.sort;
  } while (after !== undefined);
  return found;
}

async function indexNames(client: Client, pattern: string): Promise<string[]> {
  const { body } = await client.indices.get({ index: pattern, allow_no_indices: true, ignore_unavailable: true });
  return Object.keys(body);
}

async function dropIndexes(client: Client, names: readonly string[]): Promise<void> {
  for (const index of names) await client.indices.delete({ index, ignore_unavailable: true });
}
