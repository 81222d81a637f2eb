import type pg from 'pg';

type Store = pg.ClientBase | pg.Pool;

/** A generation session as who asked for it sees it. Times are ISO 8601 in UTC. */
export interface GenerationView {
  readonly id: string;
  readonly attempt: number;
  readonly status: 'requested' | 'processing' | 'completed' | 'failed' | 'cancelled';
  readonly progress_percentage: number | null;
  readonly current_step: string | null;
  readonly error_type: string | null;
  readonly error_message: string | null;
  readonly content_id: string | null;
  /** Agent key of who asked for it. */
  readonly agent_key: string | null;
  readonly created_at: string | null;
  readonly started_at: string | null;
  readonly completed_at: string | null;
}

const times = ['created_at', 'started_at', 'completed_at']
  .map((column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as ${column}`)
  .join(', ');

/** A generation session, or null if no event of it came. */
export async function readGeneration(store: Store, id: string): Promise<GenerationView | null> {
  const { rows } = await store.query<GenerationView>(
    `select id, attempt, status, progress_percentage, current_step, error_type, error_message, content_id, agent_key, ${times}
       from generation_session where id = $1`,
    [id],
  );
  return rows[0] ?? null;
}
