import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learningNumbers } from '../../functions/analytics/learning/index.ts';
import { learnerBody } from '../../functions/analytics/learning/learner.ts';
import { searchAll } from '../../functions/analytics/search/ask.ts';
import { estimateError } from '../../functions/analytics/search/distinct.ts';
import { canonicalTimeZone } from '../../functions/analytics/time-zone.ts';
import type { StatementRow } from '../../functions/core/ledger/row.ts';
import { documentOf } from '../../functions/core/search/document.ts';
import { openSearchAdmin } from '../../functions/core/search/index-admin.ts';
import { openSearchIndex } from '../../functions/core/search/opensearch-index.ts';
import { eventName } from '../../functions/core/xapi/index.ts';
import { validated } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { activity } from './reference/activity.ts';
import { learner } from './reference/learner.ts';
import { overview } from './reference/overview.ts';
import { topPerformers } from './reference/top-performers.ts';
import { type DataStores, openStores } from './support/data-set.ts';

const now = new Date('2026-11-08T15:20:00Z');
const utc = { tz: 'UTC' };
const topic = 'nlj.learning.activities';
const busyActivity = 'http://nlj.platform/activities/busy';
const busyLearner = 'v1.busy';
const manyLearners = 10_600;
const manyRegistrations = 10_300;

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** More learners of one activity than a count stays exact for, more registrations of one learner, and a few who score. */
function crowd(): StatementRow[] {
  const rows: StatementRow[] = [];
  const add = (
    agentKey: string,
    changes: Readonly<Record<string, unknown>>,
    origin: StatementRow['origin'] = 'producer',
  ) => {
    const { statement: body } = validated(statement({ id: uuid(rows.length), ...changes }), { topic });
    // In the indexes of three months.
    const stored = `2026-${['09', '10', '11'][rows.length % 3]}-08T10:00:00.000000Z`;
    const event = eventName(topic, body);
    rows.push({
      id: body.id,
      body,
      group: 'learning',
      event,
      origin,
      stored,
      agentKey,
      voided: false,
      documentVersion: 1,
    });
  };
  const verb = (name: string) => ({ id: `http://adlnet.gov/expapi/verbs/${name}` });
  for (let number = 0; number < manyLearners; number += 1) {
    const about = { object: { id: busyActivity }, context: { registration: uuid(number) } };
    add(`v1.${number}`, { ...about, verb: verb('attempted'), result: { duration: `PT${number % 90}S` } });
    if (number % 9 > 0) continue;
    const later = { timestamp: '2026-03-03T10:00:00Z', result: { duration: 'PT2M' } };
    add(`v1.${number}`, { ...about, ...later, verb: verb(number % 2 === 0 ? 'completed' : 'attempted') });
  }
  for (let number = 0; number < manyRegistrations; number += 1) {
    add(busyLearner, {
      timestamp: '2026-11-01T10:00:00Z',
      object: { id: `http://nlj.platform/activities/${number % 9_800}` },
      context: { registration: uuid(number) },
      result: { duration: 'PT1S', score: { scaled: 0.5 } },
    });
  }
  for (let number = 0; number < 60; number += 1) {
    add(`v1.scorer-${number % 10}`, {
      timestamp: '2026-11-02T10:00:00Z',
      object: { id: `http://nlj.platform/activities/${number}` },
      result: { score: { scaled: (number % 7) / 10 }, completion: number % 3 > 0 },
    });
  }
  // No topic of the platform's own carries learning today; if one did, it would count nowhere.
  add(busyLearner, { object: { id: busyActivity } }, 'platform');
  return rows;
}

let set: DataStores;
const rows = crowd();
beforeAll(async () => {
  set = await openStores(now);
  const index = openSearchIndex(set.stores.search);
  const outcomes = await index.write(
    rows.map((row) => ({ document: documentOf(row), version: 1 })),
    [1],
  );
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['indexed']));
  await openSearchAdmin(set.stores.search, { replicas: 0 }).refresh(1);
});
afterAll(() => set.close());

describe('above 10,000', () => {
  it('counts are estimates that say so, within their bound; the others stay exact', async () => {
    const answer = await learningNumbers.overview(set.stores, utc);
    const { approximate, unique_learners, completion_rate, ...exact } = overview(rows, utc, now);
    expect(answer).toMatchObject(exact);
    expect(answer.approximate).toEqual({ unique_learners: 0.01, completion_rate: 0.0202 });
    expect(unique_learners).toBeGreaterThan(10_000);
    expect(Math.abs(answer.unique_learners / unique_learners - 1)).toBeLessThanOrEqual(estimateError);
    const [rate, expected] = [answer.completion_rate ?? 0, completion_rate ?? 0];
    expect(Math.abs(rate / expected - 1)).toBeLessThanOrEqual(0.0202);
    expect(approximate).toEqual({});
  });

  it('the numbers of an activity stay exact', async () => {
    const query = { activityId: busyActivity };
    expect(await learningNumbers.activity(set.stores, query)).toEqual(activity(rows, query));
  });

  it('the numbers of a learner stay exact', async () => {
    const query = { ...utc, learner: busyLearner };
    expect(await learningNumbers.learner(set.stores, query)).toEqual(learner(rows, query, now));
  });

  it('learners are ranked in parts', async () => {
    const query = { period: '30d', limit: 100 } as const;
    const all = { period: '1y', limit: 100 } as const;
    expect(await learningNumbers.topPerformers(set.stores, query)).toEqual(topPerformers(rows, query, now));
    expect(await learningNumbers.topPerformers(set.stores, all)).toEqual(topPerformers(rows, all, now));
  });
});

it('every time zone of this runtime is one of the engine', async () => {
  const zones = Intl.supportedValuesOf('timeZone').map((name) => canonicalTimeZone(name) ?? '');
  const bodies = zones.map((tz) => learnerBody({ learner: 'v1.1', tz }, now));
  expect(await searchAll(set.stores.search, bodies)).toHaveLength(zones.length);
});

it('any window is answered, of whatever years', async () => {
  const years = ['-000001-06-01', '0000-01-01', '0099-12-31', '9999-12-31T23:59:59.999Z', '+010000-01-01'].map(
    (text) => new Date(text),
  );
  for (const since of [undefined, ...years]) {
    for (const until of [undefined, ...years]) {
      const { total_statements } = await learningNumbers.overview(set.stores, {
        since,
        until,
        tz: 'Pacific/Kiritimati',
      });
      const everything = (since?.getUTCFullYear() ?? 0) < 2000 && (until?.getUTCFullYear() ?? 9999) > 3000;
      expect(total_statements, `${since?.toISOString()} ${until?.toISOString()}`).toBe(
        everything ? rows.length - 1 : 0,
      );
    }
  }
});
