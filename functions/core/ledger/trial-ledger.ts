import type pg from 'pg';
import type { Ledger, LedgerEntry, LedgerOutcome } from './ledger.ts';
import { classifyPostgresError } from './postgres-errors.ts';
import {
  firstCopies,
  type Hashes,
  insertColumns,
  type KnownRow,
  readStatements,
  sameContent,
  statementColumns,
} from './postgres-statements.ts';

/** What a trial's outcome is for; its confirmations and dead letters go nowhere. */
export type TrialLedger = Pick<Ledger, 'commit'>;

/** Forces the casts of every column and returns none of it. */
const castSql = `select count(*) from (${insertColumns}) as cast_row where cast_row is null or cast_row is not null`;

/**
 * Says what the ledger would answer, and writes nothing: PostgreSQL casts the rows as the insert would, ids are looked up,
 * and what an earlier call would have taken is remembered. Projections are not tried.
 */
export function trialLedger(pool: pg.Pool): TrialLedger {
  const taken = new Map<string, Hashes>();
  return {
    async commit(entries) {
      const first = firstCopies(entries);
      let known: ReadonlyMap<string, KnownRow>;
      try {
        const columns = [...first.values()].map((entry) => statementColumns(entry, null));
        await pool.query(castSql, [JSON.stringify(columns)]);
        const client = await pool.connect();
        try {
          known = await readStatements(client, [...first.keys()]);
        } finally {
          client.release();
        }
      } catch (error) {
        throw classifyPostgresError(error);
      }
      const outcomes = entries.map((entry): LedgerOutcome => outcomeOf(entry, known, taken));
      return { outcomes, generations: [], effects: [] };
    },
  };
}

function outcomeOf(
  entry: LedgerEntry,
  known: ReadonlyMap<string, KnownRow>,
  taken: Map<string, Hashes>,
): LedgerOutcome {
  const { id } = entry.statement;
  const stored = known.get(id);
  if (stored?.erased === true) return { kind: 'erased' };
  const existing = stored ?? taken.get(id);
  if (existing !== undefined) {
    return sameContent(existing, entry) ? { kind: 'duplicate', row: null } : { kind: 'conflict' };
  }
  taken.set(id, entry);
  return {
    kind: 'accepted',
    row: {
      id,
      body: entry.statement,
      group: entry.group,
      event: entry.event,
      origin: 'producer',
      stored: '',
      agentKey: null,
      voided: false,
      documentVersion: 1,
    },
  };
}
