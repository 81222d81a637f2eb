import { Client } from '@opensearch-project/opensearch';
import type { ReadingStores } from '../../../functions/analytics/stores.ts';
import {
  surveyAnalytics,
  surveyDemographics,
  surveyQuestion,
  surveyResponses,
  surveyStats,
} from '../../../functions/analytics/survey/index.ts';
import { readSurvey } from '../../../functions/analytics/survey/read.ts';
import { writeChunk } from '../../../functions/core/ledger/write.ts';
import { agentKey } from '../../../functions/core/people/person.ts';
import { eraseStatements } from '../../../functions/operations/maintenance/erase-statements.ts';
import { joinPeople } from '../../../functions/operations/maintenance/people.ts';
import { surveyProjection } from '../../../functions/survey/projection.ts';
import type { Concerned } from '../../support/attacker.ts';
import { entry } from '../../support/entries.ts';
import { statement } from '../../support/statement.ts';
import { type Response, responseStatements, userId } from '../../support/survey.ts';
import { openDatabase, pepper } from '../support/database.ts';

const day = 86_400_000;
export const threshold = 5;
export const groupings = ['department', 'location', 'job_level'] as const;

/** A database with the survey projection, and a clock that a test can put on. */
export async function openSurveys() {
  const database = await openDatabase(6);
  const ledger = database.ledger([surveyProjection]);
  const maintenance = { pool: database.pool, projections: [surveyProjection], hasTime: () => true };
  // Survey numbers do not ask it.
  const search = new Client({ node: 'http://127.0.0.1:9' });
  let ahead = 0;
  const stores: ReadingStores = {
    pool: database.pool,
    search,
    now: () => new Date(Date.now() + ahead),
    anonymityThreshold: threshold,
  };
  const commit = (messages: readonly unknown[]) =>
    writeChunk(
      ledger,
      messages.map((message) => entry(message, { topic: 'nlj.survey.responses' })),
    );
  return {
    stores,
    pool: database.pool,
    commit,
    respond: (...responses: readonly Response[]) => commit(responses.flatMap(responseStatements)),
    voidStatement: (id: string) =>
      commit([
        statement({
          verb: { id: 'http://adlnet.gov/expapi/verbs/voided' },
          object: { objectType: 'StatementRef', id },
        }),
      ]),
    /** Long enough for every cell that can be closed to be due. */
    wait: (): void => {
      ahead += 2 * day;
    },
    /** What the reconciler does about identities that were linked. */
    join: () => joinPeople(maintenance),
    erase: (...people: readonly (string | number)[]) =>
      eraseStatements(maintenance, 's.agent_key = any($1::text[])', [people.map(keyOf)]),
    async close(): Promise<void> {
      await search.close();
      await database.close();
    },
  };
}

export type Surveys = Awaited<ReturnType<typeof openSurveys>>;

export const keyOf = (person: string | number) => agentKey(pepper, `user:${userId(person)}`);

/** Every answer of every route about a survey, as a reader gets it. */
export async function everything({ stores }: Surveys, surveyId: string, questions: readonly string[]) {
  return {
    whole: await surveyAnalytics(stores, { surveyId }),
    groups: await Promise.all(groupings.map((groupBy) => surveyAnalytics(stores, { surveyId, groupBy }))),
    questions: await Promise.all(questions.map((questionId) => surveyQuestion(stores, { surveyId, questionId }))),
    stats: await surveyStats(stores, { surveyId }),
    demographics: await surveyDemographics(stores, { surveyId }),
    responses: await surveyResponses(stores, { surveyId, limit: 1000 }),
  };
}

/**
 * More than any route tells: for every window of whole days and every breakdown, who is in each sum of answers to a
 * question to which everybody gave a number of his own.
 */
export async function figuresOf(
  { stores }: Surveys,
  surveyId: string,
  questionId: string,
  days: readonly string[],
): Promise<Concerned[]> {
  const bounds = [undefined, ...days.map((date) => `${date}T00:00:00Z`)];
  const windows = bounds.flatMap((since) => bounds.map((until) => ({ surveyId, questionId, since, until })));
  const figures: Concerned[] = [];
  for (const window of windows) {
    const sums = await readSurvey(stores, window, async (reader) => {
      const all = [await reader.answers()];
      for (const field of groupings) all.push(await reader.answers(field));
      return all.flat();
    });
    figures.push(...(sums ?? []).map(({ values }) => new Set(values.map(({ numeric }) => String(numeric)))));
  }
  return figures;
}
