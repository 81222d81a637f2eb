import { Client } from '@opensearch-project/opensearch';
import type { ReadingStores } from '../../../functions/analytics/stores.ts';
import { joinPeople } from '../../../functions/operations/maintenance/people.ts';
import { surveyProjection } from '../../../functions/survey/projection.ts';
import { entry } from '../../support/entries.ts';
import { type Response, responseStatements } from '../../support/survey.ts';
import { openDatabase } from '../support/database.ts';

const day = 86_400_000;

/** A database with the survey projection, and a clock that a test can put on. */
export async function openSurveys() {
  const database = await openDatabase(6);
  const ledger = database.ledger([surveyProjection]);
  let ahead = 0;
  const search = new Client({ node: 'http://127.0.0.1:9' });
  const stores: ReadingStores = {
    pool: database.pool,
    search,
    now: () => new Date(Date.now() + ahead),
    anonymityThreshold: 5,
  };
  const commit = (messages: readonly unknown[]) =>
    ledger.commit(messages.map((message) => entry(message, { topic: 'nlj.survey.responses' })));
  return {
    stores,
    pool: database.pool,
    commit,
    respond: (...responses: readonly Response[]) => commit(responses.flatMap(responseStatements)),
    /** Long enough for every cell that can be closed to be due. */
    wait: (): void => {
      ahead += 2 * day;
    },
    join: () => joinPeople({ pool: database.pool, projections: [surveyProjection], hasTime: () => true } as never),
    async close(): Promise<void> {
      await search.close();
      await database.close();
    },
  };
}

export type Surveys = Awaited<ReturnType<typeof openSurveys>>;
