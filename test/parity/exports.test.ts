import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityPages } from '../../functions/exports/activities.ts';
import { learnerPages } from '../../functions/exports/learners.ts';
import { activity } from './reference/activity.ts';
import { activityIdOf, isOfSurvey, learnerStatements } from './reference/facts.ts';
import { learner } from './reference/learner.ts';
import { type DataSet, openDataSet } from './support/data-set.ts';

const now = new Date('2026-11-08T15:20:30.400Z');
const sinces = [undefined, new Date('2026-08-15T10:00:00Z')];

async function all<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const page of pages) rows.push(...page);
  return rows;
}

describe('exports of a data set', () => {
  let set: DataSet;
  beforeAll(async () => {
    set = await openDataSet(6, now);
  });
  afterAll(() => set.close());

  it.each(sinces)('has a row for each learner since %s, with the numbers that the API shows', async (since) => {
    const rows = await all(learnerPages(set.stores.search, { since, until: undefined }));
    const inWindow = learnerStatements(set.rows).filter(
      ({ body }) => since === undefined || Date.parse(body.timestamp) >= since.getTime(),
    );
    const keys = new Set(inWindow.flatMap(({ agentKey }) => agentKey ?? []));
    expect(rows.map(({ agent_key }) => agent_key)).toEqual([...keys].sort());
    for (const row of rows) {
      const expected = learner(set.rows, { learner: row.agent_key, tz: 'UTC', since }, now);
      const { total_activities, completed_activities, completion_rate, average_score, total_time_spent } = expected;
      const own = inWindow.filter(({ agentKey }) => agentKey === row.agent_key);
      const times = own.map(({ body }) => Date.parse(body.timestamp));
      expect(row).toEqual({
        agent_key: row.agent_key,
        total_statements: own.length,
        total_activities,
        completed_activities,
        completion_rate,
        average_score,
        total_time_spent,
        first_activity: new Date(Math.min(...times)).toISOString(),
        last_activity: new Date(Math.max(...times)).toISOString(),
      });
    }
  });

  it.each(sinces)('has a row for each activity since %s, with the numbers that the API shows', async (since) => {
    const rows = await all(activityPages(set.stores.search, { since, until: undefined }));
    const inWindow = learnerStatements(set.rows)
      .filter((row) => !isOfSurvey(row))
      .filter(({ body }) => since === undefined || Date.parse(body.timestamp) >= since.getTime());
    const ids = new Set(inWindow.flatMap((row) => activityIdOf(row) ?? []));
    expect(rows.map(({ activity_id }) => activity_id).sort()).toEqual([...ids].sort());
    for (const { total_statements, ...row } of rows) {
      const own = inWindow.filter((statement) => activityIdOf(statement) === row.activity_id);
      expect(total_statements).toBe(own.length);
      expect(row).toEqual(activity(set.rows, { activityId: row.activity_id, since }));
    }
  });
});
