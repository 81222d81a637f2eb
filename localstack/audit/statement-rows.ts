import { z } from 'zod';
import type { StatementRow } from '../../functions/core/ledger/row.ts';
import type { ValidStatement } from '../../functions/core/xapi/index.ts';

/** Columns of the ledger that make a document, and those that say what became of it. */
export const statementColumns = `
  id, body, topic_group, event, origin, agent_key, voided, document_version, index_state, received_hash, canonical_hash,
  topic, partition, "offset",
  to_char(stored at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stored`;

const columns = z.object({
  id: z.string(),
  // What the ledger holds was validated when it was accepted.
  body: z.custom<ValidStatement>((value) => typeof value === 'object' && value !== null),
  topic_group: z.string(),
  event: z.string(),
  origin: z.enum(['producer', 'platform']),
  agent_key: z.string().nullable(),
  voided: z.boolean(),
  document_version: z.coerce.number(),
  stored: z.string(),
});

/** A row as functions have it. @param row read with `statementColumns` */
export function rowOf(row: unknown): StatementRow {
  const read = columns.parse(row);
  return {
    id: read.id,
    body: read.body,
    group: read.topic_group,
    event: read.event,
    origin: read.origin,
    stored: read.stored,
    agentKey: read.agent_key,
    voided: read.voided,
    documentVersion: read.document_version,
  };
}
