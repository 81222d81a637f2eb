import type { OverviewData } from '../analytics/learning/contract.ts';
import { learningNumbers } from '../analytics/learning/index.ts';
import { redacted } from '../analytics/statements/redact.ts';
import type { ReadingStores } from '../analytics/stores.ts';
import type { StatementRow } from '../core/ledger/row.ts';
import { documentOf } from '../core/search/document.ts';
import { activityColumns, activityPages } from './activities.ts';
import { type Cell, csvOf, jsonOf, type Pages } from './encode.ts';
import type { Attempt } from './job.ts';
import { learnerColumns, learnerPages } from './learners.ts';
import { statementPages } from './statements.ts';
import type { ExportContent } from './worker.ts';

export type ExportStores = Pick<ReadingStores, 'pool' | 'search' | 'now'>;

/** The text of an export, read as it is taken. Every way of it throws TransientError | ConfigurationError. */
export function exportContent(stores: ExportStores, attempt: Attempt): ExportContent {
  const { format, dataType } = attempt;
  const count = { rows: 0 };
  const rows = () => count.rows;
  const csv = (columns: readonly string[], pages: Pages<Readonly<Record<string, Cell>>>) =>
    csvOf(columns, counted(pages, count));
  switch (dataType) {
    case 'learners': {
      const pages = learnerPages(stores.search, attempt);
      return { rows, text: format === 'csv' ? csv(learnerColumns, records(pages)) : jsonOf(counted(pages, count)) };
    }
    case 'activities': {
      const pages = activityPages(stores.search, attempt);
      return { rows, text: format === 'csv' ? csv(activityColumns, records(pages)) : jsonOf(counted(pages, count)) };
    }
    case 'statements': {
      const pages = statementPages(stores.pool, attempt);
      return {
        rows,
        text:
          format === 'csv'
            ? csv(statementColumns, mapped(pages, statementCells))
            : jsonOf(counted(mapped(pages, redactedStatement), count)),
      };
    }
    case 'overview': {
      const pages = overviewPages(stores, attempt);
      return {
        rows,
        text: format === 'csv' ? csv(overviewColumns, overviewRows(pages)) : jsonOf(counted(pages, count)),
      };
    }
  }
}

async function* counted<Row>(pages: Pages<Row>, count: { rows: number }): AsyncGenerator<readonly Row[]> {
  for await (const page of pages) {
    count.rows += page.length;
    yield page;
  }
}

async function* mapped<Row, Result>(pages: Pages<Row>, map: (row: Row) => Result): AsyncGenerator<readonly Result[]> {
  for await (const page of pages) yield page.map(map);
}

/** Rows with named members as records of cells. */
function records<Row extends { readonly [name in keyof Row]: Cell }>(pages: Pages<Row>) {
  return mapped(pages, (row): Readonly<Record<string, Cell>> => ({ ...row }));
}

function redactedStatement({ body, stored, agentKey }: StatementRow) {
  return redacted({ body: { ...body }, stored, agentKey }, 'other');
}

/** Of a statement what the index holds of it, which is no text that somebody wrote and no name of a person. */
const statementColumns = [
  'id',
  'stored',
  'timestamp',
  'event',
  'agent_key',
  'verb',
  'activity_id',
  'activity_name',
  'activity_type',
  'registration',
  'completion',
  'success',
  'score_scaled',
  'score_raw',
  'score_min',
  'score_max',
  'duration_seconds',
  'platform',
  'language',
] as const;

function statementCells(row: StatementRow): Readonly<Record<string, Cell>> {
  const document = documentOf(row);
  return Object.fromEntries(statementColumns.map((column) => [column, document[column]]));
}

async function* overviewPages(
  stores: ExportStores,
  { since, until }: Attempt,
): AsyncGenerator<readonly OverviewData[]> {
  // The numbers of learning need no threshold: none of them is a survey's.
  const reading = { ...stores, anonymityThreshold: Number.POSITIVE_INFINITY };
  yield [await learningNumbers.overview(reading, { since, until, tz: 'UTC' })];
}

const overviewColumns = ['number', 'of', 'value'] as const;

/** One number per row; those that are lists have what each is of beside it. */
async function* overviewRows(pages: Pages<OverviewData>) {
  for await (const page of pages) {
    for (const { daily_activity, top_verbs, activity_types, approximate, ...numbers } of page) {
      const rows: Readonly<Record<(typeof overviewColumns)[number], Cell>>[] = [
        ...Object.entries(numbers).map(([number, value]) => ({ number, of: null, value })),
        ...daily_activity.map(({ date, count }) => ({ number: 'daily_activity', of: date, value: count })),
        ...top_verbs.map(({ verb, count }) => ({ number: 'top_verbs', of: verb, value: count })),
        ...activity_types.map(({ type, count }) => ({ number: 'activity_types', of: type, value: count })),
        ...Object.entries(approximate).map(([of, value]) => ({ number: 'greatest_relative_error', of, value })),
      ];
      yield rows;
    }
  }
}
