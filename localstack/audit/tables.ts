import type pg from 'pg';
import stringify from 'safe-stable-stringify';
import { rowColumns, type StatementColumns, statementRow } from '../../functions/core/ledger/postgres-statements.ts';
import type { StatementRow } from '../../functions/core/ledger/row.ts';
import { surveyChanges } from '../../functions/survey/changes.ts';

/** Tables and what they must hold, computed anew from the ledger. A new projection gets an entry. */
const projected: readonly Projected[] = [
  {
    events: 'survey.%',
    expected: (rows) => {
      const { answers, responses } = surveyChanges(rows);
      return { survey_answer: answers, survey_response: responses };
    },
  },
];

interface Projected {
  /** Pattern of the events that change the tables, whatever group's topic they came by. */
  readonly events: string;
  /** Rows by table, with the columns' names. */
  readonly expected: (rows: readonly StatementRow[]) => Readonly<Record<string, readonly object[]>>;
}

/** Says which tables do not hold exactly what the ledger's rows make: counted twice, or not at all. */
export async function checkTables(pool: pg.Pool): Promise<string[]> {
  const faults: string[] = [];
  for (const { events, expected } of projected) {
    const { rows } = await pool.query<StatementColumns>(
      `select ${rowColumns} from statement s where s.event like $1 and not s.voided and s.erased_at is null`,
      [events],
    );
    for (const [table, wanted] of Object.entries(expected(rows.map(statementRow)))) {
      const { rows: found } = await pool.query<Record<string, unknown>>(`select * from ${table}`);
      const had = new Set(found.map(normal));
      const missing = wanted.filter((row) => !had.delete(normal(row))).length;
      if (missing > 0 || had.size > 0)
        faults.push(`${table}: ${missing} rows missing or otherwise, ${had.size} too many`);
    }
  }
  return faults;
}

/** A row as text, times in one notation, so that a computed one and a read one compare. */
function normal(row: object): string {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    isTime(name, value) ? new Date(value).toISOString() : value,
  ]);
  return stringify(Object.fromEntries(entries)) ?? '';
}

function isTime(name: string, value: unknown): value is string | Date {
  return value instanceof Date || (typeof value === 'string' && /_at$|_seen$/.test(name));
}
