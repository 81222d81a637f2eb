import type pg from 'pg';
import { TransientError } from '../errors.ts';
import { agentKey, mailboxId, type Pepper } from '../people/person.ts';
import { type Authority, voidingTarget } from '../xapi/index.ts';
import type { ChunkOutcome, Confirmation, Effect, Ledger, LedgerEntry, LedgerOutcome } from './ledger.ts';
import { insertAnnouncements } from './postgres-announcements.ts';
import { closeDeadLetters, coordinatesRow, deadLetterRow, upsertDeadLetters } from './postgres-dead-letters.ts';
import { erasedPeople, eraseRejected, isErased, personIdsOf } from './postgres-erasure.ts';
import { classifyPostgresError } from './postgres-errors.ts';
import { insertIdentityLinks, resolveAgentKeys, upsertAgents } from './postgres-people.ts';
import {
  firstCopies,
  type Inserted,
  insertStatements,
  type KnownRow,
  readStatements,
  rowColumns,
  type StatementColumns,
  sameContent,
  statementRow,
} from './postgres-statements.ts';
import { voidTargets } from './postgres-voiding.ts';
import type { Announcement, Projection } from './projection.ts';
import type { StatementRow } from './row.ts';
import { execute, statementTransaction } from './transaction.ts';

export interface PostgresLedgerOptions {
  readonly pool: pg.Pool;
  readonly pepper: Pepper;
  /** `authority` of the statements that announce decisions. */
  readonly authority: Authority;
  /** What the group's events change, in this order. */
  readonly projections: readonly Projection[];
  /** Every group's projections: a voiding statement may come on any topic. */
  readonly derived: readonly Projection[];
}

/**
 * The ledger in PostgreSQL. A chunk is one transaction with a constant number of SQL statements: generations and
 * people's links are read, statements inserted in order of their ids, those that were there read back, agents
 * upserted, projections applied, decisions announced, dead letters of the same records closed. No session state is set:
 * RDS Proxy would pin the connection. A chunk that voids runs alone, so that it and its target cannot miss each other.
 */
export function postgresLedger(options: PostgresLedgerOptions): Ledger {
  const { pool, pepper } = options;
  return {
    commit(entries) {
      const voids = entries.some(({ statement }) => voidingTarget(statement) !== null);
      return statementTransaction(pool, voids ? 'alone' : 'shared', (client) => commitChunk(client, entries, options));
    },
    confirm: (confirmations) => confirmDocuments(pool, confirmations),
    async recordDeadLetters(letters) {
      if (letters.length === 0) return;
      await execute(pool, upsertDeadLetters, [JSON.stringify(letters.map(deadLetterRow))]);
    },
    async eraseAmong(group, records) {
      if (records.length === 0) return new Set();
      try {
        return await eraseRejected(pool, group, records, pepper);
      } catch (error) {
        throw classifyPostgresError(error);
      }
    },
  };
}

interface Accepted {
  readonly entry: LedgerEntry;
  readonly row: StatementRow;
}

async function commitChunk(
  client: pg.ClientBase,
  entries: readonly LedgerEntry[],
  { pepper, authority, projections, derived }: PostgresLedgerOptions,
): Promise<ChunkOutcome> {
  const generations = await writtenGenerations(client);
  const people = await erasedPeople(client, new Set(entries.flatMap(personIdsOf)), pepper);
  const agentKeys = await resolveAgentKeys(client, entries, pepper);
  const first = firstCopies(entries);
  const erased = new Set([...first.values()].filter((entry) => isErased(entry, people)));
  const inserted = await insertStatements(client, [...first.values()], agentKeys, erased);
  const missing = [...first.keys()].filter((id) => !inserted.has(id));
  const known = missing.length === 0 ? new Map<string, KnownRow>() : await readStatements(client, missing);

  const accepted: Accepted[] = [];
  for (const [id, entry] of first) {
    const stored = inserted.get(id);
    if (stored !== undefined && !erased.has(entry)) accepted.push({ entry, row: rowOf(entry, stored, agentKeys) });
  }
  await insertIdentityLinks(client, linksOf(accepted, people, pepper));
  await upsertAgents(client, accepted, pepper);
  const rows = accepted.map(({ row }) => row);
  const voided = await voidTargets(client, rows);
  const announcements: Announcement[] = [];
  for (const projection of projections) announcements.push(...(await projection.apply(client, rows)));
  const voidedPeople = [...new Set(voided.flatMap(({ row }) => row.agentKey ?? []))].sort();
  if (voidedPeople.length > 0) for (const projection of derived) await projection.rederive?.(client, voidedPeople);
  const group = entries[0]?.group ?? '';
  const announced = await insertAnnouncements(client, announcements, { group, authority });

  // A row of this chunk that one of its voiding statements voided is due once, as it is now.
  const voidedRows = new Map(voided.map(({ row }) => [row.id, row]));
  const acceptedRows = new Map(rows.map((row) => [row.id, voidedRows.get(row.id) ?? row]));
  const outcomes = entries.map((entry) => outcomeOf(entry, { first, acceptedRows, known, erased }));
  const settled = entries.filter((_, position) => isSettled(outcomes[position]));
  await client.query(closeDeadLetters, [JSON.stringify(settled.map(({ record }) => coordinatesRow(record)))]);
  const left = missing.length === 0 ? [] : await pendingEffects(client, missing);
  return {
    outcomes,
    generations,
    effects: [...voided.filter(({ row }) => !acceptedRows.has(row.id)), ...announced, ...left],
  };
}

/** What statements that were taken earlier had changed besides, as far as its documents were not confirmed. */
async function pendingEffects(client: pg.ClientBase, causes: readonly string[]): Promise<Effect[]> {
  const { rows } = await client.query<StatementColumns & { readonly cause: string }>(
    `select ${rowColumns}, coalesce(s.caused_by, v.statement_id) as cause
       from statement s left join voiding v on v.target_id = s.id and v.statement_id = any($1::uuid[])
      where s.index_state = 'pending' and (s.caused_by = any($1::uuid[]) or v.statement_id is not null)`,
    [causes],
  );
  return rows.map((row) => ({ row: statementRow(row), causedBy: row.cause }));
}

interface ChunkState {
  readonly first: ReadonlyMap<string, LedgerEntry>;
  readonly acceptedRows: ReadonlyMap<string, StatementRow>;
  readonly known: ReadonlyMap<string, KnownRow>;
  readonly erased: ReadonlySet<LedgerEntry>;
}

function outcomeOf(entry: LedgerEntry, { first, acceptedRows, known, erased }: ChunkState): LedgerOutcome {
  const { id } = entry.statement;
  const winner = first.get(id);
  const row = acceptedRows.get(id);
  if (row !== undefined) {
    if (winner === entry) return { kind: 'accepted', row };
    return winner !== undefined && sameContent(winner, entry) ? { kind: 'duplicate', row: null } : { kind: 'conflict' };
  }
  const existing = known.get(id);
  if (existing === undefined) {
    if (winner !== undefined && erased.has(winner)) return { kind: 'erased' };
    throw new TransientError('A statement was neither inserted nor found: it went between');
  }
  if (existing.erased) return { kind: 'erased' };
  return sameContent(existing, entry) ? { kind: 'duplicate', row: existing.unconfirmed } : { kind: 'conflict' };
}

/** Whether the ledger has the record, so that no dead letter of it waits. */
function isSettled(outcome: LedgerOutcome | undefined): boolean {
  return outcome?.kind === 'accepted' || outcome?.kind === 'duplicate' || outcome?.kind === 'erased';
}

function linksOf(accepted: readonly Accepted[], erased: ReadonlySet<string>, pepper: Pepper) {
  return accepted.flatMap(({ entry: { identityLink } }) => {
    if (identityLink === undefined) return [];
    const identifier = mailboxId(identityLink.mbox);
    const account = `user:${identityLink.userId}`;
    if (erased.has(identifier) || erased.has(account)) return [];
    return [
      {
        identifier,
        aloneKey: agentKey(pepper, identifier),
        agentKey: agentKey(pepper, account),
        email: identityLink.mbox.slice('mailto:'.length),
      },
    ];
  });
}

function rowOf(
  entry: LedgerEntry,
  { stored, voided }: Inserted,
  agentKeys: ReadonlyMap<LedgerEntry, string>,
): StatementRow {
  return {
    id: entry.statement.id,
    body: entry.statement,
    group: entry.group,
    event: entry.event,
    origin: 'producer',
    stored,
    agentKey: agentKeys.get(entry) ?? null,
    voided,
    documentVersion: 1,
  };
}

/** Generations that every document is written to. */
export async function writtenGenerations(client: pg.ClientBase | pg.Pool): Promise<number[]> {
  const result = await client.query<{ generation: number }>(
    `select generation from index_generation where state in ('live', 'building') order by generation`,
  );
  return result.rows.map(({ generation }) => generation);
}

/** Marks documents as indexed or refused, where the row still has that document version. */
export async function confirmDocuments(pool: pg.Pool, confirmations: readonly Confirmation[]): Promise<void> {
  if (confirmations.length === 0) return;
  await execute(pool, confirmSql, [JSON.stringify(confirmations.map(confirmationRow))]);
}

const confirmSql = `
  update statement s
     set index_state = case when c.refusal is null then 'indexed' else 'refused' end, index_refusal = c.refusal
    from (select id, document_version, refusal
            from json_to_recordset($1::json) as r(id uuid, document_version bigint, refusal text) order by id) c
   where s.id = c.id and s.document_version = c.document_version and s.index_state = 'pending'`;

function confirmationRow({ id, documentVersion, refusal }: Confirmation) {
  return { id, document_version: documentVersion, refusal };
}
