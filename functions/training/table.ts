import type pg from 'pg';
import type { AttendanceRow, BookingRow, CertificateRow, ConflictRow, ProgramRow, SessionRow } from './rows.ts';

/**
 * Column types of the training tables. `json-text` is a json column whose value is handled as text: a nested `\u0000`
 * would not survive json_to_recordset.
 */
type ColumnType =
  | 'uuid'
  | 'text'
  | 'boolean'
  | 'integer'
  | 'double precision'
  | 'timestamptz'
  | 'json'
  | 'json-text'
  | 'text[]'
  | 'uuid[]';

/** A table of rows: what to select for one, and the statement that writes many. */
export interface Table<Row> {
  readonly name: string;
  /** Select list; times come as text with microseconds, which pg's Date would drop. `t` is the table's alias. */
  readonly columns: string;
  /** Writes the rows of `$1`, a JSON array, over those that are there. */
  readonly write: string;
  readonly row?: Row;
}

function table<Row>(
  name: string,
  keys: readonly (keyof Row & string)[],
  types: Readonly<Record<keyof Row & string, ColumnType>>,
  order = keys.join(', '),
): Table<Row> {
  const columns: [string, ColumnType][] = Object.entries(types);
  const names = columns.map(([column]) => column);
  const received = columns.map(([column, type]) => `${column} ${type === 'json-text' ? 'text' : type}`);
  const values = columns.map(([column, type]) => (type === 'json-text' ? `${column}::json` : column));
  const updates = names.filter((column) => !keys.some((key) => key === column));
  return {
    name,
    columns: columns.map(selected).join(', '),
    write: `insert into ${name} (${names.join(', ')})
      select ${values.join(', ')} from json_to_recordset($1::json) as r(${received.join(', ')}) order by ${order}
      on conflict (${keys.join(', ')}) do update set ${updates.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  };
}

function selected([column, type]: [string, ColumnType]): string {
  if (type === 'timestamptz') {
    return `to_char(t.${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`;
  }
  return type === 'json-text' ? `t.${column}::text as ${column}` : `t.${column}`;
}

export const programTable = table<ProgramRow>('training_program', ['id'], {
  id: 'uuid',
  title: 'text',
  description: 'text',
  duration_minutes: 'double precision',
  learning_objectives: 'text[]',
  prerequisites: 'uuid[]',
  requires_approval: 'boolean',
  is_published: 'boolean',
  published_at: 'timestamptz',
  created_by: 'uuid',
  created_at: 'timestamptz',
  set_by: 'json',
});

export const sessionTable = table<SessionRow>('training_session', ['id'], {
  id: 'uuid',
  program_id: 'uuid',
  title: 'text',
  start_time: 'timestamptz',
  end_time: 'timestamptz',
  end_estimated: 'boolean',
  timezone: 'text',
  location: 'text',
  capacity: 'integer',
  max_attendees: 'integer',
  instructor_id: 'uuid',
  status: 'text',
  cancelled_at: 'timestamptz',
  cancellation_reason: 'text',
  set_by: 'json',
});

/** Bookings that end come first: a learner's next one may be live only after that (`training_booking_live`). */
export const bookingTable = table<BookingRow>(
  'training_booking',
  ['id'],
  {
    id: 'uuid',
    session_id: 'uuid',
    learner_key: 'text',
    user_id: 'text',
    status: 'text',
    waitlist_position: 'integer',
    registration_method: 'text',
    special_requirements: 'json-text',
    requested_at: 'timestamptz',
    request_id: 'uuid',
    approved: 'boolean',
    rejection_reason: 'text',
    cancelled_at: 'timestamptz',
    cancelled_by: 'text',
    cancellation_reason: 'text',
    set_by: 'json',
  },
  `status in ('confirmed', 'pending', 'waitlist'), id`,
);

export const attendanceTable = table<AttendanceRow>('attendance_record', ['session_id', 'learner_key'], {
  session_id: 'uuid',
  learner_key: 'text',
  user_id: 'text',
  attended: 'boolean',
  check_in_time: 'timestamptz',
  check_in_method: 'text',
  completion_percentage: 'double precision',
  completed: 'boolean',
  completion_time: 'timestamptz',
  assessment_score: 'double precision',
  duration_minutes: 'double precision',
  certificate_issued: 'boolean',
  certificate_issued_at: 'timestamptz',
  set_by: 'json',
});

export const certificateTable = table<CertificateRow>('certificate', ['id'], {
  id: 'uuid',
  title: 'text',
  program_id: 'uuid',
  session_id: 'uuid',
  learner_key: 'text',
  user_id: 'text',
  completion_date: 'timestamptz',
  expiry_date: 'timestamptz',
  certificate_url: 'text',
  earned_at: 'timestamptz',
  set_by: 'json',
});

export const conflictTable = table<ConflictRow>('scheduling_conflict', ['low_session_id', 'high_session_id'], {
  low_session_id: 'uuid',
  high_session_id: 'uuid',
  id: 'uuid',
  conflict_type: 'text',
  state: 'text',
  detected_at: 'timestamptz',
  detected_by: 'uuid',
  closed_at: 'timestamptz',
});

/** Writes rows in one statement; no rows, no statement. */
export async function write<Row>(
  client: pg.ClientBase,
  { write: sql }: Table<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length > 0) await client.query(sql, [JSON.stringify(rows)]);
}

/**
 * Locks the rows of these ids in their order, a placeholder first where there is none: a lock exists whether or not the
 * entity does. Two statements, or none for no ids.
 */
export async function lockById<Row extends pg.QueryResultRow & { readonly id: string }>(
  client: pg.ClientBase,
  table: Table<Row>,
  ids: ReadonlySet<string>,
  strength: 'for update' | 'for share' = 'for update',
): Promise<Map<string, Row>> {
  if (ids.size === 0) return new Map();
  await insertPlaceholders(client, table, ids);
  return select(
    client,
    `select ${table.columns} from ${table.name} t where t.id = any($1::uuid[]) order by t.id ${strength}`,
    [[...ids]],
  );
}

/** A row of defaults for each id that has none. Waits for transactions that insert one of them, in the ids' order. */
export async function insertPlaceholders<Row extends { readonly id: string }>(
  client: pg.ClientBase,
  { name }: Table<Row>,
  ids: ReadonlySet<string>,
): Promise<void> {
  if (ids.size === 0) return;
  await client.query(
    `insert into ${name} (id) select id from unnest($1::uuid[]) as r(id) order by id on conflict (id) do nothing`,
    [[...ids]],
  );
}

/** Rows by their id. */
export async function select<Row extends pg.QueryResultRow & { readonly id: string }>(
  client: pg.ClientBase,
  sql: string,
  values: readonly unknown[],
): Promise<Map<string, Row>> {
  const { rows } = await client.query<Row>(sql, [...values]);
  return new Map(rows.map((row) => [row.id, row]));
}
