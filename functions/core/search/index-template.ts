import { createHash } from 'node:crypto';
import { demographicFields } from './demographics.ts';

/** What readers query. */
export const statementAlias = 'xapi-statements';

/** Name of the index of a generation and a month of stored time: `xapi-statements-g1-2026.11`. */
export function indexName(generation: number, stored: string): string {
  return `${generationName(generation)}-${stored.slice(0, 4)}.${stored.slice(5, 7)}`;
}

/** Name of a generation's template, and beginning of its indexes' names: `xapi-statements-g1`. */
export function generationName(generation: number): string {
  return `${statementAlias}-g${generation}`;
}

/** Of IRIs and texts of any length: Lucene takes terms of 32,766 bytes, which are 8,191 characters or more. */
const keyword = { type: 'keyword', ignore_above: 8_191 } as const;
const date = { type: 'date' } as const;
const number = { type: 'double' } as const;
const flag = { type: 'boolean' } as const;

/** The strict mapping: a change of it is a new generation. Holds no name, no free text, no body (spec: search.md). */
export const documentMapping = {
  dynamic: 'strict',
  properties: {
    id: keyword,
    stored: date,
    timestamp: date,
    group: keyword,
    event: keyword,
    origin: keyword,
    verb: keyword,
    agent_key: keyword,
    activity_id: keyword,
    activity_type: keyword,
    activity_name: keyword,
    parent_activity: keyword,
    survey_id: keyword,
    question_id: keyword,
    program_id: keyword,
    session_id: keyword,
    registration: keyword,
    platform: keyword,
    language: keyword,
    completion: flag,
    success: flag,
    score_scaled: number,
    score_raw: number,
    score_min: number,
    score_max: number,
    numeric_response: number,
    choice_response: keyword,
    duration_seconds: number,
    learner_number: flag,
    activity_key: keyword,
    pair: keyword,
    attempt: keyword,
    completes: flag,
    scored: flag,
    succeeded: flag,
    category: keyword,
    voided: flag,
    version: { type: 'long' },
    demographics: { properties: Object.fromEntries(demographicFields.map((field) => [field, keyword])) },
  },
} as const;

/** What is slow is logged, without a document's or a batch's content. */
const slowLogs = {
  'search.slowlog.threshold.query.warn': '2s',
  'search.slowlog.threshold.fetch.warn': '1s',
  'indexing.slowlog.threshold.index.warn': '1s',
  'indexing.slowlog.source': 'false',
} as const;

/**
 * The composable index template of a generation.
 * @param live whether readers see the generation: its indexes are then born with the alias.
 * @see https://docs.opensearch.org/latest/im-plugin/index-templates/
 */
export function indexTemplate(options: {
  readonly generation: number;
  readonly replicas: number;
  readonly live: boolean;
}): { readonly name: string; readonly body: Record<string, unknown> } {
  const name = generationName(options.generation);
  return {
    name,
    body: {
      index_patterns: [`${name}-*`],
      priority: 100,
      _meta: { mappingHash },
      template: {
        settings: {
          number_of_shards: 1,
          number_of_replicas: options.replicas,
          refresh_interval: '5s',
          ...slowLogs,
        },
        mappings: documentMapping,
        ...(options.live ? { aliases: { [statementAlias]: {} } } : {}),
      },
    },
  };
}

/** Tells one mapping from another: a generation keeps that of the mapping it was begun with. */
export const mappingHash = createHash('sha256').update(JSON.stringify(documentMapping)).digest('hex');
