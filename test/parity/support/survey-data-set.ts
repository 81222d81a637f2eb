import type pg from 'pg';
import { chunkLimits } from '../../../functions/core/batch/chunk.ts';
import type { LedgerEntry } from '../../../functions/core/ledger/ledger.ts';
import { rowColumns, type StatementColumns, statementRow } from '../../../functions/core/ledger/postgres-statements.ts';
import type { StatementRow } from '../../../functions/core/ledger/row.ts';
import { writeChunk } from '../../../functions/core/ledger/write.ts';
import { joinPeople } from '../../../functions/operations/maintenance/people.ts';
import { surveyProjection } from '../../../functions/survey/projection.ts';
import { generateDataSet } from '../../../localstack/generate/data-set.ts';
import { openDatabase } from '../../store/support/database.ts';
import { entry } from '../../support/entries.ts';
import { statements } from './data-set.ts';

/** Fewer leave too few respondents for cells. */
const fewest = 8_000;

/** What both sides of a comparison read: PostgreSQL, and the ledger's rows as a plain array. */
export interface SurveyDataSet {
  readonly pool: pg.Pool;
  readonly rows: readonly StatementRow[];
  close(): Promise<void>;
}

/** Loads what a seed's data set says of surveys, links and voids; survey numbers ask nothing but PostgreSQL. */
export async function openSurveyDataSet(seed: number): Promise<SurveyDataSet> {
  const database = await openDatabase();
  const { pool } = database;
  const ledger = database.ledger([surveyProjection]);
  let chunk: LedgerEntry[] = [];
  for (const { topic, value } of generateDataSet({ seed, count: Math.max(fewest, statements) })) {
    const text = value?.toString() ?? '';
    if (!/parent_survey|\/voided"|"account".*mailto:|mailto:.*"account"/.test(text)) continue;
    chunk.push(...entriesOf(text, topic));
    if (chunk.length < chunkLimits.chunkRecords) continue;
    await writeChunk(ledger, chunk);
    chunk = [];
  }
  await writeChunk(ledger, chunk);
  await joinPeople({ pool, projections: [surveyProjection], hasTime: () => true });
  const { rows } = await pool.query<StatementColumns>(
    `select ${rowColumns} from statement s where s.erased_at is null order by s.id`,
  );
  return { pool, rows: rows.map(statementRow), close: () => database.close() };
}

/** None of what the pipeline rejects. */
function entriesOf(text: string, topic: string): LedgerEntry[] {
  try {
    return [entry(JSON.parse(text), { topic })];
  } catch {
    return [];
  }
}
