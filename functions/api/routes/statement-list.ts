import { z } from 'zod';
import {
  type ListedStatement,
  positionSchema,
  readStatements,
  type StatementFilter,
} from '../../analytics/statements/read.ts';
import { type Reader, redacted } from '../../analytics/statements/redact.ts';
import { cursorSeal } from '../http/cursor.ts';
import type { Problem } from '../http/problem.ts';
import type { Services } from '../services.ts';

const statement = z.strictObject({
  id: z.guid(),
  stored: z.iso.datetime(),
  event: z.string().describe('Canonical event name, such as `learning.completed`'),
  agent_key: z.string().nullable(),
  statement: z.record(z.string(), z.unknown()).describe('The xAPI statement'),
});

/** Newest first by the time at which the ledger took them. */
export const statementList = z.strictObject({
  statements: z.array(statement),
  redacted: z
    .boolean()
    .describe('Without names, identifiers, responses, extensions; the actor is an account named by the agent key'),
  count: z
    .int()
    .nonnegative()
    .describe('Statements of this page; fewer than `limit` does not mean that it is the last'),
  cursor: z.string().nullable().describe('For the next page; null at the end'),
});
export type StatementList = z.infer<typeof statementList>;

interface Page {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A page of statements, redacted for whoever is not the person himself. */
export async function listStatements(
  { stores, pepper }: Services,
  filter: StatementFilter,
  { limit, cursor }: Page,
  reader: Reader,
): Promise<StatementList | Problem> {
  const seal = cursorSeal(pepper, ['statements', filter, reader]);
  const after = seal.open(cursor, positionSchema);
  if (after !== null && 'kind' in after) return after;
  const { statements, next } = await readStatements(stores.pool, filter, { limit, after });
  return {
    statements: statements.map((listed) => listedOf(listed, reader)),
    redacted: reader !== 'self',
    count: statements.length,
    cursor: next === null ? null : seal.seal(next),
  };
}

function listedOf({ id, stored, event, agentKey, body }: ListedStatement, reader: Reader) {
  return { id, stored, event, agent_key: agentKey, statement: redacted({ body, stored, agentKey }, reader) };
}
