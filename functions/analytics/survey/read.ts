import type pg from 'pg';
import { snapshot } from '../../core/ledger/transaction.ts';
import { type DemographicField, demographicFields } from '../../core/search/demographics.ts';
import type { Scale } from '../../survey/scale.ts';
import type { ReadingStores } from '../stores.ts';
import { closeCells } from './close-cells.ts';
import { isClosed } from './named.ts';
import type { QuestionFacts, QuestionSums, ValueCount } from './question.ts';
import { figureThreshold } from './threshold.ts';

/**
 * The only way to a survey's figures: sums of frozen rows of closed cells and blocks, of as many respondents as the
 * threshold asks for. Nothing here reads an answer or a respondent.
 */
export interface SurveyReader {
  readonly threshold: number;
  /** Sums over the window's cells; with a field, by the value that each cell shares in it. */
  cells(field?: DemographicField): Promise<readonly CellSums[]>;
  /** Sums over the window's cells by their last day, in order. */
  timeline(): Promise<readonly { readonly date: string; readonly responses: number; readonly completions: number }[]>;
  /** Respondents by field and value that their cell shares. */
  groups(): Promise<
    readonly { readonly field: DemographicField; readonly value: string; readonly respondents: number }[]
  >;
  /** Completions' durations in the window. */
  durations(): Promise<{ readonly answered: number; readonly total: number }>;
  /** What questions are, from all of their blocks, by question id, in order of it. */
  questions(): Promise<ReadonlyMap<string, QuestionFacts>>;
  /** Sums over the window's blocks by question id; with a field, of blocks that share a value in it, by that too. */
  answers(field?: DemographicField): Promise<readonly AnswerSums[]>;
  /** Numbers answered by question and last day of the window's blocks, in order. */
  daily(): Promise<readonly DailySum[]>;
  /** A page of single answers of the window's blocks in the order of their keyed hashes. */
  singleAnswers(page: { readonly limit: number; readonly after: string | undefined }): Promise<readonly SingleAnswer[]>;
}

export interface CellSums {
  /** Null: cells that share no value of the field, or no field was asked for. */
  readonly group: string | null;
  readonly members: number;
  readonly completed: number;
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface AnswerSums extends QuestionSums {
  readonly questionId: string;
  readonly group: string | null;
}

export interface DailySum {
  readonly questionId: string;
  readonly date: string;
  readonly answered: number;
  readonly total: number;
}

export interface SingleAnswer {
  readonly questionId: string;
  readonly hash: string;
  /** Null of text, and of a value that too few gave to name it. */
  readonly value: number | string | null;
}

export interface Window {
  readonly surveyId: string;
  readonly questionId?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * Closes what is due and reads in one snapshot. Null where the survey has no closed cell: whether somebody has responded
 * already is not told.
 */
export async function readSurvey<T>(
  stores: ReadingStores,
  window: Window,
  read: (reader: SurveyReader) => Promise<T>,
): Promise<T | null> {
  const threshold = figureThreshold(stores);
  await closeCells(stores, window.surveyId);
  return snapshot(stores.pool, async (client) => {
    const { rowCount } = await client.query(
      'select 1 from survey_cell where survey_id = $1 and members >= $2 limit 1',
      [window.surveyId, threshold],
    );
    return rowCount === 0 ? null : read(surveyReader(client, window, threshold));
  });
}

/** Cells or blocks of $1 whose days lie within [$2, $3) as a whole. */
const withinSql = `survey_id = $1
   and ($2::timestamptz is null or first_day::timestamp at time zone 'UTC' >= $2)
   and ($3::timestamptz is null or (last_day + 1)::timestamp at time zone 'UTC' <= $3)`;

const cellSql = `${withinSql} and members >= $4`;
const blockSql = `${withinSql} and members >= $4 and answered >= $4`;
const answerPrefix = 'answer:';
const questionSql = `${blockSql} and component like '${answerPrefix}%' and ($5::text is null or component = '${answerPrefix}' || $5)`;
const questionIdSql = `substr(component, ${answerPrefix.length + 1})`;
const daySql = (column: string) => `to_char(${column}, 'YYYY-MM-DD')`;

/** Values that enough respondents gave, in all. */
const frequentSql = `
  select ${questionIdSql} as "questionId", numeric_value as "numeric", choice_value as choice
    from survey_block_value join survey_block b using (survey_id, component, block)
   where survey_id = $1 and b.members >= $2 and b.answered >= $2
   group by component, numeric_value, choice_value having sum(respondents) >= $2`;

type Value = Pick<ValueCount, 'numeric' | 'choice'>;

function surveyReader(client: pg.ClientBase, window: Window, threshold: number): SurveyReader {
  const { surveyId } = window;
  const values = [surveyId, window.since ?? null, window.until ?? null, threshold];
  const questionValues = [...values, window.questionId ?? null];
  const rowsOf = async <Row extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[]) =>
    (await client.query<Row>(sql, [...parameters])).rows;

  async function questions(): Promise<ReadonlyMap<string, QuestionFacts>> {
    const rows = await rowsOf<FactRow>(factsSql, [surveyId, threshold]);
    return new Map(rows.map((row) => [row.questionId, factsOf(row)]));
  }

  /** Whether a value may be named: enough respondents gave it, or nobody can have made it up. */
  async function naming(): Promise<(questionId: string, value: Value) => boolean> {
    const facts = await questions();
    const frequent = await rowsOf<Value & { readonly questionId: string }>(frequentSql, [surveyId, threshold]);
    const key = (questionId: string, { numeric, choice }: Value) => JSON.stringify([questionId, numeric, choice]);
    const keys = new Set(frequent.map(({ questionId, ...value }) => key(questionId, value)));
    return (questionId, value) => keys.has(key(questionId, value)) || isClosed(value, facts.get(questionId));
  }

  return {
    threshold,
    cells: (field) =>
      rowsOf<CellSums & pg.QueryResultRow>(
        `select labels ->> $5 as "group", sum(members)::integer as members, sum(completed)::integer as completed,
                ${daySql('min(first_day)')} as "firstDay", ${daySql('max(last_day)')} as "lastDay"
           from survey_cell where ${cellSql}
          group by 1 order by 2 desc, (labels ->> $5) collate "C"`,
        [...values, field ?? null],
      ),
    timeline: () =>
      rowsOf(
        `select ${daySql('last_day')} as date, sum(members)::integer as responses, sum(completed)::integer as completions
           from survey_cell where ${cellSql} group by last_day order by last_day`,
        values,
      ),
    groups: () =>
      rowsOf(
        `select field, value, sum(members)::integer as respondents
           from survey_cell cross join lateral jsonb_each_text(labels) as label(field, value)
          where ${cellSql} and field = any($5::text[])
          group by field, value order by respondents desc, value collate "C"`,
        [...values, demographicFields],
      ),
    async durations() {
      const [sums] = await rowsOf<{ answered: number; total: number }>(
        `select coalesce(sum(answered), 0)::integer as answered, coalesce(sum(total), 0) as total
           from survey_block where ${blockSql} and component = 'duration'`,
        values,
      );
      return sums ?? { answered: 0, total: 0 };
    },
    questions,
    async answers(field) {
      const parameters = [...questionValues, field ?? null];
      const named = await naming();
      const sums = await rowsOf<Omit<AnswerSums, 'values'>>(
        `select ${questionIdSql} as "questionId", labels ->> $6 as "group",
                sum(members)::integer as members, sum(answered)::integer as answered
           from survey_block where ${questionSql} group by component, labels ->> $6 order by component, 2`,
        parameters,
      );
      const counts = await rowsOf<ValueRow>(
        `select ${questionIdSql} as "questionId", labels ->> $6 as "group",
                numeric_value as "numeric", choice_value as choice, sum(respondents)::integer as respondents
           from survey_block join survey_block_value using (survey_id, component, block)
          where ${questionSql} group by component, labels ->> $6, numeric_value, choice_value`,
        parameters,
      );
      const byPlace = new Map<string, ValueCount[]>();
      for (const { questionId, group, numeric, choice, respondents } of counts) {
        const place = JSON.stringify([questionId, group]);
        const value = { numeric, choice, named: named(questionId, { numeric, choice }), respondents };
        byPlace.set(place, [...(byPlace.get(place) ?? []), value]);
      }
      return sums.map((sum) => ({ ...sum, values: byPlace.get(JSON.stringify([sum.questionId, sum.group])) ?? [] }));
    },
    daily: () =>
      rowsOf(
        `select ${questionIdSql} as "questionId", ${daySql('last_day')} as date,
                sum(respondents)::integer as answered, sum(numeric_value * respondents) as total
           from survey_block join survey_block_value using (survey_id, component, block)
          where ${questionSql} and numeric_value is not null
          group by component, last_day order by component, last_day`,
        questionValues,
      ),
    async singleAnswers({ limit, after }) {
      const named = await naming();
      const rows = await rowsOf<Value & { readonly questionId: string; readonly hash: string }>(
        `select ${questionIdSql} as "questionId", hash, numeric_value as "numeric", choice_value as choice
           from survey_block
          cross join lateral (
            select numeric_value, choice_value, nth, respondents from survey_block_value v
              cross join lateral generate_series(1, v.respondents) as nth
             where (v.survey_id, v.component, v.block) = (survey_block.survey_id, survey_block.component, survey_block.block)
            union all
            -- Text: an answer without a value.
            select null, null, nth, 0 from generate_series(1, survey_block.answered - (
              select coalesce(sum(v.respondents), 0)::integer from survey_block_value v
               where (v.survey_id, v.component, v.block) = (survey_block.survey_id, survey_block.component, survey_block.block))) as nth) answer
          cross join lateral (select md5(concat_ws(' ', salt, component, block, numeric_value, '/', choice_value, nth)) as hash) keyed
          where ${questionSql} and ($6::text is null or hash > $6)
          order by hash limit $7`,
        [...questionValues, after ?? null, limit],
      );
      return rows.map(({ questionId, hash, ...value }) => {
        const shown = named(questionId, value) ? (value.choice ?? value.numeric) : null;
        return { questionId, hash, value: shown };
      });
    },
  };
}

type ValueRow = Omit<ValueCount, 'named'> & { readonly questionId: string; readonly group: string | null };

interface FactRow {
  readonly questionId: string;
  readonly question_type: string | null;
  readonly question_title: string | null;
  readonly question_text: string | null;
  readonly scale_min: number | null;
  readonly scale_max: number | null;
  readonly one_to_five: boolean | null;
}

const latest = (column: string) =>
  `(array_agg(${column} order by block desc) filter (where ${column} is not null))[1] as ${column}`;

/** Of all blocks, not of the window's: the latest that states something. */
const factsSql = `
  select ${questionIdSql} as "questionId", ${latest('question_type')}, ${latest('question_title')}, ${latest('question_text')},
         ${latest('scale_min')}, ${latest('scale_max')}, bool_and(one_to_five) as one_to_five
    from survey_block
   where survey_id = $1 and component like '${answerPrefix}%' and members >= $2 and answered >= $2
   group by component order by component`;

function factsOf(row: FactRow): QuestionFacts {
  return {
    questionType: row.question_type,
    title: row.question_title,
    text: row.question_text,
    scale: statedScale(row),
  };
}

function statedScale({ scale_min: min, scale_max: max, one_to_five }: FactRow): Scale | null {
  if (min !== null && max !== null) return { min, max };
  return one_to_five === true ? { min: 1, max: 5 } : null;
}
