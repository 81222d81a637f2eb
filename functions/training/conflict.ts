import { v5 as uuidV5 } from 'uuid';
import type { ConflictDecision } from './decision.ts';
import type { Cause } from './event.ts';
import type { ConflictRow, ConflictType, SessionRow } from './rows.ts';
import { resourceKey, resourcesOf } from './touch.ts';

/** Namespace of the ids that training makes (uuid v5): those of conflicts and of announcements. */
export const trainingNamespace = '0c9d2f6e-3d4b-5b1e-9d0a-6a4f8e2b7c15';

/** Why two sessions cannot both take place, or null. One place is told before one instructor. */
export function clash(a: SessionRow, b: SessionRow): ConflictType | null {
  if (a.status !== 'scheduled' || b.status !== 'scheduled' || !overlap(a, b)) return null;
  if (a.location !== null && a.location === b.location) return 'location_conflict';
  return a.instructor_id !== null && a.instructor_id === b.instructor_id ? 'instructor_conflict' : null;
}

function overlap(a: SessionRow, b: SessionRow): boolean {
  if (a.start_time === null || a.end_time === null || b.start_time === null || b.end_time === null) return false;
  return a.start_time < b.end_time && a.end_time > b.start_time;
}

export interface ConflictState {
  /** Sessions as they are now: those that moved, and all that share a place or an instructor and overlap with them. */
  readonly sessions: ReadonlyMap<string, SessionRow>;
  readonly moved: ReadonlyMap<string, Cause>;
  /** Conflicts known of the sessions that moved, open or closed. */
  readonly known: readonly ConflictRow[];
}

export interface ConflictChanges {
  readonly conflicts: readonly ConflictRow[];
  readonly decisions: readonly ConflictDecision[];
}

/** Opens a conflict for each pair that overlaps now and did not, and closes those that no longer do. */
export function decideConflicts({ sessions, moved, known }: ConflictState): ConflictChanges {
  const open = new Map<string, ConflictRow>();
  const conflicts: ConflictRow[] = [];
  const decisions: ConflictDecision[] = [];
  const before = new Map(known.map((row) => [pairKey(row.low_session_id, row.high_session_id), row]));
  for (const { first, second, cause } of pairs(sessions, moved)) {
    const type = clash(first, second);
    if (type === null) continue;
    const [low, high] = first.id < second.id ? [first.id, second.id] : [second.id, first.id];
    const key = pairKey(low, high);
    const existing = before.get(key);
    const id = existing?.id ?? uuidV5(key, trainingNamespace);
    const isNew = existing?.state !== 'open';
    const row: ConflictRow = {
      low_session_id: low,
      high_session_id: high,
      id,
      conflict_type: type,
      state: 'open',
      detected_at: isNew ? cause.at : existing.detected_at,
      detected_by: isNew ? cause.id : existing.detected_by,
      closed_at: null,
    };
    open.set(key, row);
    if (isNew) decisions.push({ conflictId: id, type, sessionId: first.id, otherSessionId: second.id, cause });
    if (isNew || existing.conflict_type !== type) conflicts.push(row);
  }
  for (const [key, row] of before) {
    if (row.state === 'closed' || open.has(key)) continue;
    const cause = later(moved.get(row.low_session_id), moved.get(row.high_session_id));
    if (cause !== undefined) conflicts.push({ ...row, state: 'closed', closed_at: cause.at });
  }
  return { conflicts, decisions: decisions.sort((a, b) => (a.cause.stamp < b.cause.stamp ? -1 : 1)) };
}

/** Pairs with a session that moved, each once; first is the one that moved last. */
function* pairs(sessions: ReadonlyMap<string, SessionRow>, moved: ReadonlyMap<string, Cause>) {
  const byResource = new Map<string, SessionRow[]>();
  for (const session of sessions.values()) {
    for (const resource of resourcesOf(session).map(resourceKey)) {
      const sharing = byResource.get(resource);
      if (sharing === undefined) byResource.set(resource, [session]);
      else sharing.push(session);
    }
  }
  const seen = new Set<string>();
  for (const [id, cause] of moved) {
    const session = sessions.get(id);
    if (session === undefined) continue;
    for (const other of resourcesOf(session).flatMap((resource) => byResource.get(resourceKey(resource)) ?? [])) {
      const key = session.id < other.id ? pairKey(session.id, other.id) : pairKey(other.id, session.id);
      if (other.id === id || seen.has(key)) continue;
      seen.add(key);
      const otherCause = moved.get(other.id);
      if (otherCause !== undefined && otherCause.stamp > cause.stamp)
        yield { first: other, second: session, cause: otherCause };
      else yield { first: session, second: other, cause };
    }
  }
}

function pairKey(low: string, high: string): string {
  return `${low} ${high}`;
}

function later(a: Cause | undefined, b: Cause | undefined): Cause | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.stamp > b.stamp ? a : b;
}
