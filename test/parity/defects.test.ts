/**
 * What the replaced system got wrong about these numbers (original-system.md, 4.4, 4.7 and 7.5, "Analytics"), with known
 * answers. Its survey figures are tested with the surveys.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OverviewQuery, TopPerformersQuery } from '../../functions/analytics/learning/contract.ts';
import { learningNumbers } from '../../functions/analytics/learning/index.ts';
import { agentKey } from '../../functions/core/people/person.ts';
import type { OutgoingMessage } from '../../localstack/workload/message.ts';
import { pepper } from '../store/support/database.ts';
import { type DataStores, openStores } from './support/data-set.ts';
import { survey, surveyActivity, type Told, told, voiding } from './support/messages.ts';

const now = new Date('2026-11-08T15:20:00Z');
const utc = { tz: 'UTC' };
const learner = (who = 'learner-1') => agentKey(pepper, `user:${who}`);
const days = (...dates: readonly string[]) => dates.map((date) => told({ at: `${date}T08:00:00Z` }));

let set: DataStores;
beforeAll(async () => {
  set = await openStores(now);
});
afterEach(() => set.clear());
afterAll(() => set.close());

async function given(...messages: readonly OutgoingMessage[]) {
  await set.load(messages);
  return set.stores;
}

const overviewOf = async (query: Partial<OverviewQuery>, ...messages: readonly OutgoingMessage[]) =>
  learningNumbers.overview(await given(...messages), { ...utc, ...query });

describe('without any statement', () => {
  it('answers, with zeros and nulls, also before there is an index', async () => {
    const stores = await given();
    expect(await learningNumbers.overview(stores, utc)).toEqual({
      total_statements: 0,
      unique_learners: 0,
      unique_activities: 0,
      completion_rate: null,
      average_score: null,
      daily_activity: [],
      top_verbs: [],
      activity_types: [],
      approximate: {},
    });
    expect(await learningNumbers.completionStats(stores, {})).toMatchObject({ completion_rate: null, started: 0 });
    expect(await learningNumbers.learner(stores, { ...utc, learner: learner() })).toMatchObject({
      total_activities: 0,
      completion_rate: null,
      total_time_spent: null,
      recent_activities: [],
    });
    expect(await learningNumbers.activity(stores, { activityId: 'http://example.org/1' })).toMatchObject({
      activity_name: null,
      total_attempts: 0,
      engagement_score: null,
      difficulty_score: null,
    });
    expect(await learningNumbers.trends(stores, { ...utc, period: '7d', metric: 'scores' })).toMatchObject({
      summary: { total_statements: 0, completion_rate: null },
      change: { percent: null, direction: 'steady' },
    });
  });

  it('invents no performers, and takes no mean of nobody', async () => {
    const stores = await given();
    const query: TopPerformersQuery = { period: '90d', limit: 10 };
    expect(await learningNumbers.topPerformers(stores, query)).toMatchObject({ top_performers: [], total_analyzed: 0 });
  });
});

describe('the completion rate', () => {
  it('is of pairs of learner and activity, not of statements', async () => {
    const both = { activity: 'http://nlj.platform/activities/2' };
    const overview = await overviewOf(
      {},
      told({ verb: 'attempted' }),
      told({ verb: 'completed' }),
      told({ verb: 'completed', result: { completion: true } }),
      told({ verb: 'attempted', ...both }),
      told({ verb: 'experienced', ...both }),
      told({ who: 'learner-2', verb: 'attempted', ...both }),
    );
    expect(overview.completion_rate).toBe(33.33);
  });

  it('does not take `completion: false` for a completion', async () => {
    const { completion_rate } = await overviewOf({}, told({ verb: 'experienced', result: { completion: false } }));
    expect(completion_rate).toBe(0);
  });

  it('of one activity is of that activity: the parameter was only echoed', async () => {
    const stores = await given(
      told({ verb: 'completed' }),
      told({ activity: 'http://nlj.platform/activities/2' }),
      told({ who: 'learner-2', activity: 'http://nlj.platform/activities/2' }),
    );
    expect(await learningNumbers.completionStats(stores, {})).toMatchObject({ completion_rate: 33.33, started: 3 });
    expect(
      await learningNumbers.completionStats(stores, { activityId: 'http://nlj.platform/activities/2' }),
    ).toMatchObject({ completion_rate: 0, completed: 0, started: 2, total_statements: 2, unique_learners: 2 });
  });
});

describe('scores', () => {
  it('that are missing are no zeros', async () => {
    const overview = await overviewOf({}, told({ result: { score: { scaled: 0.8 } } }), told(), told({ result: {} }));
    expect(overview.average_score).toBe(0.8);
  });

  it('of 0 are a value, and an average of 0 is not null', async () => {
    expect((await overviewOf({}, told({ result: { score: { scaled: 0 } } }))).average_score).toBe(0);
  });

  it('that are raw are none: the average is of scaled scores', async () => {
    expect((await overviewOf({}, told({ result: { score: { raw: 9 } } }))).average_score).toBeNull();
  });
});

describe('learners', () => {
  it('are people, not mailboxes: who has an account alone counts, who has both counts once', async () => {
    const account = { account: { homePage: 'http://nlj.platform', name: 'learner-9' } };
    const overview = await overviewOf(
      {},
      told({ actor: account }),
      told({ actor: { mbox: 'mailto:learner9@example.org' } }),
      told({ actor: { ...account, mbox: 'mailto:learner9@example.org' }, topic: 'xapi-events' }),
      told({ who: 'learner-2' }),
    );
    expect(overview.unique_learners).toBe(2);
  });

  it('are not the platform, and what is not learning is not theirs', async () => {
    const inSurvey = { extensions: { parent_survey: survey }, topic: 'nlj.survey.responses' };
    const answered = { question_id: 'q1', question_type: 'likert_scale', parent_survey: survey };
    const overview = await overviewOf(
      {},
      told({ who: 'system', verb: 'completed' }),
      told({ ...inSurvey, verb: 'initialized', activity: surveyActivity }),
      told({ ...inSurvey, verb: 'answered', activity: `${surveyActivity}/question/q1`, extensions: answered }),
    );
    expect(overview).toMatchObject({ total_statements: 1, unique_learners: 1, unique_activities: 1 });
  });

  it('lose what is voided, and the voiding is nobody’s learning', async () => {
    const id = randomUUID();
    const overview = await overviewOf({}, told({ id, verb: 'completed' }), told({ who: 'learner-2' }), voiding(id));
    expect(overview).toMatchObject({ total_statements: 1, unique_learners: 1, completion_rate: 0 });
  });
});

describe('a learner', () => {
  const of = async (query: { tz?: string; since?: Date }, ...messages: readonly OutgoingMessage[]) =>
    learningNumbers.learner(await given(...messages), { ...utc, ...query, learner: learner() });

  it('keeps a streak that ends yesterday', async () => {
    expect((await of({}, ...days('2026-11-05', '2026-11-06', '2026-11-07'))).learning_streak).toBe(3);
  });

  it('has a streak up to today, and none that ended before yesterday', async () => {
    expect((await of({}, ...days('2026-11-07', '2026-11-08'))).learning_streak).toBe(2);
    await set.clear();
    expect((await of({}, ...days('2026-11-05', '2026-11-06'))).learning_streak).toBe(0);
  });

  it('has a streak whatever `since`', async () => {
    const { learning_streak, total_activities } = await of(
      { since: new Date('2026-11-08T12:00:00Z') },
      ...days('2026-11-06', '2026-11-07', '2026-11-08'),
    );
    expect({ learning_streak, total_activities }).toEqual({ learning_streak: 3, total_activities: 0 });
  });

  it('has a streak of days of the time zone', async () => {
    const evenings = () => ['2026-11-06T23:30:00Z', '2026-11-08T00:30:00Z'].map((at) => told({ at }));
    expect((await of({ tz: 'UTC' }, ...evenings())).learning_streak).toBe(1);
    await set.clear();
    // 7 November, 00:30 and 8 November, 01:30.
    expect((await of({ tz: 'Europe/Berlin' }, ...evenings())).learning_streak).toBe(2);
  });

  it('has progress by program', async () => {
    const program = 'f0000000-0000-4000-8000-000000000001';
    const { progress_by_program } = await of(
      {},
      told({ verb: 'completed', extensions: { program_id: program } }),
      told({ activity: 'http://nlj.platform/activities/2', extensions: { program_id: program } }),
      told({ activity: 'http://nlj.platform/activities/3' }),
    );
    expect(progress_by_program).toEqual({ [program]: { total: 2, completed: 1, completion_rate: 50 } });
  });

  it('has a time spent: the longest duration of a registration, and each statement without one', async () => {
    const registration = randomUUID();
    const { total_time_spent } = await of(
      {},
      told({ registration, result: { duration: 'PT10M' } }),
      told({ registration, result: { duration: 'PT1H' } }),
      told({ registration: randomUUID(), result: { duration: 'PT30.5S' } }),
      told({ result: { duration: 'PT2M' } }),
      told({ result: { duration: 'PT2M' } }),
    );
    expect(total_time_spent).toBe(64.51);
  });

  it('has no survey among the recent activities', async () => {
    const { recent_activities, total_activities } = await of(
      {},
      told(),
      told({
        verb: 'completed',
        activity: surveyActivity,
        extensions: { parent_survey: survey },
        topic: 'nlj.survey.responses',
      }),
    );
    expect(recent_activities).toHaveLength(1);
    expect(total_activities).toBe(2);
  });
});

describe('an activity', () => {
  it('is found by an IRI with slashes, fragments and any length', async () => {
    const activityId = `http://nlj.platform/activities/a/b?c=d#${'e'.repeat(3_000)}`;
    const stores = await given(told({ activity: activityId, type: 'http://example.org/course' }));
    expect(await learningNumbers.activity(stores, { activityId })).toMatchObject({
      activity_type: 'http://example.org/course',
      unique_learners: 1,
    });
  });

  it('counts attempts, difficulty and engagement by their definitions', async () => {
    const [first, second] = [randomUUID(), randomUUID()];
    const messages: Told[] = [
      { verb: 'initialized', registration: first, at: '2026-11-01T10:00:00Z' },
      { verb: 'attempted', registration: first, at: '2026-11-01T10:01:00Z' },
      { verb: 'attempted', registration: second, at: '2026-11-03T10:00:00Z' },
      { verb: 'attempted', at: '2026-11-03T11:00:00Z' },
      { verb: 'failed', result: { success: true, duration: 'PT6M' }, at: '2026-11-03T12:00:00Z' },
      { who: 'learner-2', verb: 'failed', at: '2026-11-03T12:00:00Z' },
      { who: 'learner-2', verb: 'completed', at: '2026-11-03T12:00:00Z' },
      { who: 'learner-3', verb: 'passed', result: { duration: 'PT2M' }, at: '2026-11-03T12:00:00Z' },
    ];
    const stores = await given(...messages.map(told));
    expect(await learningNumbers.activity(stores, { activityId: 'http://nlj.platform/activities/1' })).toMatchObject({
      total_attempts: 5,
      unique_learners: 3,
      completion_rate: 66.67,
      average_time_spent: 4,
      difficulty_score: 0.333,
      engagement_score: 0.333,
    });
  });

  it('that is a survey tells nothing: surveys have routes of their own', async () => {
    const inSurvey = { activity: surveyActivity, extensions: { parent_survey: survey }, topic: 'nlj.survey.responses' };
    const stores = await given(told({ ...inSurvey, verb: 'initialized' }), told({ ...inSurvey, verb: 'completed' }));
    const query = { activityId: surveyActivity };
    expect(await learningNumbers.activity(stores, query)).toMatchObject({ unique_learners: 0, completion_rate: null });
    expect(await learningNumbers.completionStats(stores, query)).toMatchObject({ started: 0, total_statements: 0 });
  });

  it.each(['xapi-events', 'nlj.learning.activities'])(
    'tells nothing by verbs that surveys do not know, on %s',
    async (topic) => {
      const inSurvey = { activity: surveyActivity, extensions: { parent_survey: survey }, topic };
      const stores = await given(told({ ...inSurvey, verb: 'attempted' }), told({ ...inSurvey, verb: 'passed' }));
      const query = { activityId: surveyActivity };
      expect(await learningNumbers.activity(stores, query)).toMatchObject({
        unique_learners: 0,
        completion_rate: null,
      });
      expect(await learningNumbers.completionStats(stores, query)).toMatchObject({ started: 0, total_statements: 0 });
      const { recent_activities } = await learningNumbers.learner(stores, { ...utc, learner: learner() });
      expect(recent_activities).toEqual([]);
    },
  );
});

describe('trends', () => {
  it('are of the metric that is asked for: it was ignored', async () => {
    const stores = await given(
      told({ at: '2026-11-07T08:00:00Z', verb: 'completed', result: { score: { scaled: 0.5 } } }),
      told({ at: '2026-11-07T09:00:00Z', activity: 'http://nlj.platform/activities/2' }),
      told({ at: '2026-11-07T10:00:00Z', activity: 'http://nlj.platform/activities/2' }),
    );
    const lastWholeDay = async (metric: 'completion' | 'engagement' | 'scores' | 'activity') =>
      (await learningNumbers.trends(stores, { ...utc, period: '7d', metric })).series.at(-2)?.value;
    expect(await lastWholeDay('activity')).toBe(3);
    expect(await lastWholeDay('engagement')).toBe(1);
    expect(await lastWholeDay('scores')).toBe(0.5);
    expect(await lastWholeDay('completion')).toBe(50);
  });

  it('depend on the number of samples, and are steady unless p < 0.05', async () => {
    const growing = ['01', '02', '03', '04', '05', '06', '07'].flatMap((day, index) =>
      Array.from({ length: index < 3 ? 2 + (index % 2) : 9 + (index % 2) }, () =>
        told({ at: `2026-11-${day}T08:00:00Z` }),
      ),
    );
    const stores = await given(...growing);
    expect(await learningNumbers.trends(stores, { ...utc, period: '7d', metric: 'activity' })).toMatchObject({
      change: { direction: 'up' },
      significance: { significant: true, samples_earlier: 3, samples_later: 4 },
    });
    expect(await learningNumbers.trends(stores, { ...utc, period: '30d', metric: 'scores' })).toMatchObject({
      change: { direction: 'steady' },
      significance: { p_value: null },
    });
  });

  it('do not take a morning for a fall: today is no sample', async () => {
    const even = ['01', '02', '03', '04', '05', '06', '07'].flatMap((day, index) =>
      Array.from({ length: 5 + (index % 2) }, () => told({ at: `2026-11-${day}T08:00:00Z` })),
    );
    const trend = await learningNumbers.trends(await given(...even), { ...utc, period: '7d', metric: 'activity' });
    expect(trend.series.at(-1)).toMatchObject({ value: 0, whole: false });
    expect(trend.significance.samples_earlier + trend.significance.samples_later).toBe(7);
  });
});

describe('top performers', () => {
  const scored = (who: string, count: number, result: object, verb = 'completed') =>
    Array.from({ length: count }, (_, number) =>
      told({
        who,
        verb,
        result,
        activity: `http://nlj.platform/activities/${number}`,
        type: 'http://example.org/types/quiz',
      }),
    );

  it('are ranked by what they did, every component shown, without constants', async () => {
    const stores = await given(
      ...scored('ann', 6, { score: { scaled: 0.9 } }),
      ...scored('ben', 6, { score: { scaled: 0.5 }, completion: false }, 'experienced'),
      ...scored('few', 4, { score: { scaled: 1 } }),
    );
    const { top_performers, total_analyzed } = await learningNumbers.topPerformers(stores, {
      period: '30d',
      limit: 10,
    });
    expect(total_analyzed).toBe(2);
    expect(top_performers).toEqual([
      {
        rank: 1,
        agent_key: learner('ann'),
        overall_score: 0.666667,
        components: { completion_rate: 1, average_score: 1, activities: 0 },
        completion_rate: 100,
        average_score: 0.9,
        total_activities: 6,
        completed_activities: 6,
        scored_activities: 6,
      },
      {
        rank: 2,
        agent_key: learner('ben'),
        overall_score: -0.666667,
        components: { completion_rate: -1, average_score: -1, activities: 0 },
        completion_rate: 0,
        average_score: 0.5,
        total_activities: 6,
        completed_activities: 0,
        scored_activities: 6,
      },
    ]);
  });

  it('of a category are of that category', async () => {
    const stores = await given(...scored('ann', 6, { score: { scaled: 0.9 } }));
    const count = async (category: string) =>
      (await learningNumbers.topPerformers(stores, { period: '30d', limit: 10, category })).total_analyzed;
    expect([await count('quiz'), await count('all'), await count('course')]).toEqual([1, 1, 0]);
  });
});
