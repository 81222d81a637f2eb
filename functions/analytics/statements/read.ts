import type pg from 'pg';
import { z } from 'zod';
import { isAboutSurveySql } from '../../core/ledger/about-surveys.ts';
import { activityHash } from '../../core/ledger/activity-hash.ts';
import type { ValidStatement } from '../../core/xapi/index.ts';

/** Whose or of what statements are listed. */
export type StatementsOf =
  | { readonly kind: 'learner'; readonly agentKey: string }
  | { readonly kind: 'activity'; readonly activityId: string };

export interface StatementFilter {
  readonly of: StatementsOf;
  /** Timestamps in [since, until); ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Statements about surveys too: for the learner himself alone (spec: search.md, Anonymity). */
  readonly surveys: boolean;
}

/** Where a page ended, and the state that all pages of the list are of. */
export const positionSchema = z.strictObject({
  /** Transactions below it had ended when the first page was read. */
  watermark: z.string().regex(/^\d{1,20}$/),
  /** ISO 8601, UTC, with microseconds. */
  stored: z.iso.datetime({ precision: 6 }),
  id: z.guid(),
});
export type Position = z.infer<typeof positionSchema>;

export interface ListedStatement {
  readonly id: string;
  readonly body: ValidStatement;
  readonly event: string;
  readonly agentKey: string | null;
  /** ISO 8601, UTC, with microseconds. */
  readonly stored: string;
}

export interface StatementPage {
  readonly statements: readonly ListedStatement[];
  /** Where the next page begins; null at the end. */
  readonly next: Position | null;
}

/**
 * Bytes of bodies on a page, as far as it has more than one: a function's answer has 6 MB at most. Counted as they are in
 * it, where the page is text within JSON: with every quotation mark and backslash escaped once more.
 */
const pageBytes = 4_000_000;

/**
 * Statements by falling (stored, id), of the transactions that had all ended when the first page was read: each is on exactly
 * one page, whatever is written meanwhile. A page can have fewer than `limit` and yet not be the last. Voided and erased ones are on no page that is read after they became so.
 * @throws what the pool rejects with.
 */
export async function readStatements(
  pool: pg.Pool,
  filter: StatementFilter,
  page: { readonly limit: number; readonly after: Position | null },
): Promise<StatementPage> {
  const { of, since, until, surveys } = filter;
  const { rows } = await pool.query<Row>(sqlOf(of.kind), [
    of.kind === 'learner' ? of.agentKey : activityHash(of.activityId),
    since ?? null,
    until ?? null,
    surveys,
    page.after?.watermark ?? null,
    page.after?.stored ?? null,
    page.after?.id ?? null,
    page.limit + 1,
    pageBytes,
  ]);
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const more = last !== undefined && last.found > shown.length;
  return {
    statements: shown.map((row) => ({
      id: row.id,
      body: row.body,
      event: row.event,
      agentKey: row.agent_key,
      stored: row.stored,
    })),
    next: more ? { watermark: last.watermark, stored: last.stored, id: last.id } : null,
  };
}

interface Row {
  readonly id: string;
  readonly body: ValidStatement;
  readonly event: string;
  readonly agent_key: string | null;
  readonly stored: string;
  readonly watermark: string;
  /** Rows of the page and one more, whatever their size. */
  readonly found: number;
}

const conditions = {
  learner: 's.agent_key = $1',
  activity: 's.activity_hash = $1::uuid',
} as const satisfies Record<StatementsOf['kind'], string>;

/** `statement_agent` and `statement_activity` give the rows in the order of the pages. */
function sqlOf(kind: StatementsOf['kind']): string {
  return `
    with mark as materialized (select coalesce($5::text::xid8, pg_snapshot_xmin(pg_current_snapshot())) as xid),
         page as (
           select s.id, s.stored, s.body, s.event, s.agent_key
             from statement s
            where ${conditions[kind]}
              and (s.transaction is null or s.transaction < (select xid from mark))
              and s.erased_at is null and not s.voided
              and ($2::timestamptz is null or s.statement_time >= $2) and ($3::timestamptz is null or s.statement_time < $3)
              and ($4 or not ${isAboutSurveySql})
              and ($6::timestamptz is null or (s.stored, s.id) < ($6, $7::uuid))
            order by s.stored desc, s.id desc limit $8),
         sized as (
           select page.*, row_number() over newest_first as place, count(*) over ()::int as found,
                  sum(octet_length(to_json(body::text)::text)) over newest_first as bytes
             from page window newest_first as (order by stored desc, id desc rows unbounded preceding))
    select id, body, event, agent_key, found, (select xid::text from mark) as watermark,
           to_char(stored at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as stored
      from sized where bytes <= $9 or place = 1
     order by sized.stored desc, id desc`;
}
