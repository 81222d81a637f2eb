import pg from 'pg';
import { z } from 'zod';

/** Ids of things that the running environment has. */
export type RealIds = Readonly<Record<string, string>>;

/** Ids by operation and parameter: `<operationId>.<parameter>`. */
const queries: Readonly<Record<string, string>> = {
  'getTrainingSession.id': `select id from training_session where status = 'scheduled' order by start_time limit 1`,
  'getTrainingBooking.id': `select id from training_booking where user_id = $1 order by id limit 1`,
  'getGenerationSession.id': `select id from generation_session order by created_at limit 1`,
  'getLearner.learner': `select agent_key as id from agent order by first_seen limit 1`,
  'listLearnerStatements.learner': `select agent_key as id from agent order by first_seen limit 1`,
  'getActivity.activity_id': activityOf(),
  'listActivityStatements.activity_id': activityOf(),
  'getCompletionStats.activity_id': activityOf(),
  'surveys.id': `select survey_id as id from survey_response group by 1 order by count(*) desc, 1 limit 1`,
  'getSurveyQuestion.qid': `select question_id as id from survey_answer group by 1 order by count(*) desc, 1 limit 1`,
};

function activityOf(): string {
  return `select body->'object'->>'id' as id from statement
           where event like 'learning.%' and activity_hash is not null and body is not null order by stored limit 1`;
}

/** A user who has a booking: the caller of every role is he, so that each role has something of its own. */
export async function someUser(postgres: string): Promise<string> {
  const [row] = await ask(
    postgres,
    `select user_id as id from training_booking where user_id is not null order by id limit 1`,
  );
  return row?.id ?? 'developer';
}

export async function realIds(postgres: string, user: string): Promise<RealIds> {
  const ids: Record<string, string> = {};
  for (const [name, sql] of Object.entries(queries)) {
    const [row] = await ask(postgres, sql, sql.includes('$1') ? [user] : []);
    if (row !== undefined) ids[name] = row.id;
  }
  return ids;
}

async function ask(postgres: string, sql: string, values: readonly string[] = []): Promise<{ id: string }[]> {
  const client = new pg.Client({ connectionString: postgres });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(sql, [...values]);
    return rows;
  } finally {
    await client.end();
  }
}

const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        parameters: z.array(z.looseObject({ name: z.string() })).optional(),
      }),
    ),
  ),
});

/** The served document with real ids as examples of its parameters. */
export function withExamples(served: unknown, ids: RealIds): unknown {
  const document = documentSchema.parse(served);
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const { operationId, parameters = [] } of Object.values(operations)) {
      for (const parameter of parameters) {
        const own = ids[`${operationId}.${parameter.name}`];
        const real = own ?? (path.startsWith('/api/surveys/') ? ids[`surveys.${parameter.name}`] : undefined);
        if (real !== undefined) parameter['examples'] = { real: { value: real } };
      }
    }
  }
  return document;
}
