import type pg from 'pg';
import type { Caused, RecordEvent } from './event.ts';
import { attendanceKey, decideRecords } from './record.ts';
import type { AttendanceRow, CertificateRow } from './rows.ts';
import { attendanceTable, certificateTable, lockById, write } from './table.ts';

/** Attendance records and certificates: locked after all else, in this order. */
export async function applyRecords(client: pg.ClientBase, events: readonly Caused<RecordEvent>[]): Promise<void> {
  const pairs = new Map<string, { readonly session_id: string; readonly learner_key: string }>();
  const certificateIds = new Set<string>();
  for (const { sessionId, learner, ...event } of events) {
    if (sessionId !== undefined) {
      pairs.set(attendanceKey(sessionId, learner.key), { session_id: sessionId, learner_key: learner.key });
    }
    if (event.type === 'certificate.earned') certificateIds.add(event.certificateId);
  }
  const attendance = await lockAttendance(client, [...pairs.values()]);
  const certificates = await lockById<CertificateRow>(client, certificateTable, certificateIds);
  const changes = decideRecords({ attendance, certificates }, events);
  await write(client, attendanceTable, changes.attendance);
  await write(client, certificateTable, changes.certificates);
}

async function lockAttendance(
  client: pg.ClientBase,
  pairs: readonly { readonly session_id: string; readonly learner_key: string }[],
): Promise<Map<string, AttendanceRow>> {
  if (pairs.length === 0) return new Map();
  const values = [JSON.stringify(pairs)];
  const named = `select session_id, learner_key from json_to_recordset($1::json) as r(session_id uuid, learner_key text)`;
  await client.query(
    `insert into attendance_record (session_id, learner_key) ${named} order by session_id, learner_key
     on conflict (session_id, learner_key) do nothing`,
    values,
  );
  const { rows } = await client.query<AttendanceRow>(
    `select ${attendanceTable.columns} from attendance_record t where (session_id, learner_key) in (${named})
      order by session_id, learner_key for update`,
    values,
  );
  return new Map(rows.map((row) => [attendanceKey(row.session_id, row.learner_key), row]));
}
