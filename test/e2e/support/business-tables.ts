import type pg from 'pg';

/** Tables that training and content events change, with the columns that name a row. */
const businessTables = {
  training_program: ['id'],
  training_session: ['id'],
  training_booking: ['id'],
  attendance_record: ['session_id', 'learner_key'],
  certificate: ['id'],
  scheduling_conflict: ['id'],
  generation_session: ['id'],
  generation_event: ['statement_id'],
  content_activity: ['statement_id'],
  outbox: ['statement_id'],
} as const;
type BusinessTable = keyof typeof businessTables;

type Row = Readonly<Record<string, unknown>>;
type Snapshot = ReadonlyMap<BusinessTable, ReadonlyMap<string, string>>;

/** Rows that are new or not as they were, by table; a table without any is left out. */
export type Changes = { readonly [Table in BusinessTable]?: readonly Row[] };

/** What some work changes in the business tables. @throws Error if a row goes. */
export async function changesBy(pool: pg.Pool, work: () => Promise<void>): Promise<Changes> {
  const before = await snapshot(pool);
  await work();
  const after = await snapshot(pool);
  const changes: { [Table in BusinessTable]?: Row[] } = {};
  for (const [table, rows] of after) {
    for (const name of before.get(table)?.keys() ?? []) {
      if (!rows.has(name)) throw new Error(`A row of ${table} is gone`);
    }
    const changed = [...rows].filter(([name, text]) => before.get(table)?.get(name) !== text);
    if (changed.length > 0) changes[table] = changed.map(([, text]) => JSON.parse(text));
  }
  return changes;
}

async function snapshot(pool: pg.Pool): Promise<Snapshot> {
  const tables = new Map<BusinessTable, Map<string, string>>();
  for (const table of tableNames) {
    // Whether and when the relay published is no decision of the event's.
    const { rows } = await pool.query<{ row: string }>(
      `select ${table === 'outbox' ? `json_build_object('statement_id', statement_id, 'topic', topic, 'key', key, 'body', body)` : 'row_to_json(t)'}::text as row from ${table} t ${table === 'outbox' ? 'order by sequence' : ''}`,
    );
    const named = rows.map(({ row }) => {
      const values: Row = JSON.parse(row);
      return [JSON.stringify(businessTables[table].map((column) => values[column])), row] as const;
    });
    tables.set(table, new Map(named));
  }
  return tables;
}

const tableNames = [
  'training_program',
  'training_session',
  'training_booking',
  'attendance_record',
  'certificate',
  'scheduling_conflict',
  'generation_session',
  'generation_event',
  'content_activity',
  'outbox',
] as const satisfies readonly BusinessTable[];
