import type pg from 'pg';
import { rowColumns, type StatementColumns, statementRow } from '../core/ledger/postgres-statements.ts';
import type { Projection } from '../core/ledger/projection.ts';
import type { StatementRow } from '../core/ledger/row.ts';
import { keepCells } from './cells.ts';
import { type SurveyChanges, surveyChanges } from './changes.ts';

const answerSql = `
  insert into survey_answer (survey_id, question_id, agent_key, question_type, answered_at, statement_id, numeric_value, choice_value,
                             question_title, question_text, scale_min, scale_max, score_scaled)
  select * from json_to_recordset($1::json) as r(
           survey_id text, question_id text, agent_key text, question_type text, answered_at timestamptz, statement_id uuid,
           numeric_value double precision, choice_value text, question_title text, question_text text,
           scale_min double precision, scale_max double precision, score_scaled double precision)
   order by survey_id, question_id, agent_key
  on conflict (survey_id, question_id, agent_key) do update set
    question_type = excluded.question_type, answered_at = excluded.answered_at, statement_id = excluded.statement_id,
    numeric_value = excluded.numeric_value, choice_value = excluded.choice_value,
    question_title = excluded.question_title, question_text = excluded.question_text,
    scale_min = excluded.scale_min, scale_max = excluded.scale_max, score_scaled = excluded.score_scaled
   where (excluded.answered_at, excluded.statement_id) > (survey_answer.answered_at, survey_answer.statement_id)`;

const responseSql = `
  insert into survey_response as known (survey_id, agent_key, first_seen, started_at, completed_at, duration_seconds,
                                        demographics, demographics_at, demographics_from)
  select * from json_to_recordset($1::json) as r(
           survey_id text, agent_key text, first_seen timestamptz, started_at timestamptz, completed_at timestamptz,
           duration_seconds double precision, demographics json, demographics_at timestamptz, demographics_from uuid)
   order by survey_id, agent_key
  on conflict (survey_id, agent_key) do update set
    first_seen = least(known.first_seen, excluded.first_seen),
    started_at = least(known.started_at, excluded.started_at),
    completed_at = least(known.completed_at, excluded.completed_at),
    duration_seconds = greatest(known.duration_seconds, excluded.duration_seconds),
    (demographics, demographics_at, demographics_from) = (
      select case when later then excluded.demographics else known.demographics end,
             case when later then excluded.demographics_at else known.demographics_at end,
             case when later then excluded.demographics_from else known.demographics_from end
        from (select excluded.demographics_at is not null
                     and (known.demographics_at is null
                          or (excluded.demographics_at, excluded.demographics_from)
                             > (known.demographics_at, known.demographics_from)) as later) as choice)`;

/** Whoever responded waits for a cell, once. */
const respondentSql = `
  insert into survey_respondent (survey_id, agent_key)
  select survey_id, agent_key from json_to_recordset($1::json) as r(survey_id text, agent_key text)
   order by survey_id, agent_key
  on conflict (survey_id, agent_key) do nothing`;

/** Rows of these people that their statements no longer give. */
const forgetSql = {
  answers: `
    delete from survey_answer a
     where a.agent_key = any($1::text[])
       and not exists (select 1 from json_to_recordset($2::json) as r(survey_id text, question_id text, agent_key text)
                        where (r.survey_id, r.question_id, r.agent_key) = (a.survey_id, a.question_id, a.agent_key))`,
  responses: `
    delete from survey_response a
     where a.agent_key = any($1::text[])
       and not exists (select 1 from json_to_recordset($2::json) as r(survey_id text, agent_key text)
                        where (r.survey_id, r.agent_key) = (a.survey_id, a.agent_key))`,
};

/** Empties the rows that stay, so that the next write fills them from nothing. */
const resetSql = {
  answers: `update survey_answer set answered_at = '-infinity' where agent_key = any($1::text[])`,
  responses: `
    update survey_response
       set first_seen = 'infinity', started_at = null, completed_at = null, duration_seconds = null, demographics = '{}',
           demographics_at = null, demographics_from = null
     where agent_key = any($1::text[])`,
};

const statementsSql = `
  select ${rowColumns} from statement s
   where s.agent_key = any($1::text[]) and s.event like 'survey.%' and not s.voided and s.erased_at is null`;

/** Survey tables: the latest answer per (survey, question, person), and one response per (survey, person). */
export const surveyProjection: Projection = {
  async apply(client, accepted) {
    await write(client, changesOf(accepted));
    return [];
  },
  async rederive(client, agentKeys) {
    const { rows } = await client.query<StatementColumns>(statementsSql, [agentKeys]);
    const changes = changesOf(rows.map(statementRow));
    await client.query(forgetSql.answers, [agentKeys, JSON.stringify(changes.answers)]);
    await client.query(forgetSql.responses, [agentKeys, JSON.stringify(changes.responses)]);
    await client.query(resetSql.answers, [agentKeys]);
    await client.query(resetSql.responses, [agentKeys]);
    await write(client, changes);
    await keepCells(client, agentKeys);
  },
};

/** Voided statements count in no number. */
function changesOf(rows: readonly StatementRow[]): SurveyChanges {
  return surveyChanges(rows.filter(({ voided }) => !voided));
}

async function write(client: pg.ClientBase, { answers, responses }: SurveyChanges): Promise<void> {
  if (answers.length > 0) await client.query(answerSql, [JSON.stringify(answers)]);
  if (responses.length === 0) return;
  await client.query(responseSql, [JSON.stringify(responses)]);
  await client.query(respondentSql, [JSON.stringify(responses)]);
}
