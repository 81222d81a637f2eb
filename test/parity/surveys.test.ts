import { Client } from '@opensearch-project/opensearch';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ReadingStores } from '../../functions/analytics/stores.ts';
import {
  type SurveyAnalyticsData,
  scaleType,
  surveyAnalytics,
  surveyAnalyticsData,
  surveyDemographics,
  surveyDemographicsData,
  surveyQuestion,
  surveyQuestionData,
  surveyResponses,
  surveyResponsesData,
  surveyStats,
  surveyStatsData,
} from '../../functions/analytics/survey/index.ts';
import { distinct } from './reference/measures.ts';
import { fields, surveyOf } from './reference/survey-facts.ts';
import type { Survey } from './reference/survey-questions.ts';
import { analytics, demographics, question, responses, stats, surveyIn } from './reference/surveys.ts';
import { seeds } from './support/data-set.ts';
import { openSurveyDataSet, type SurveyDataSet } from './support/survey-data-set.ts';

const day = 86_400_000;
const k = 5;

const windows = [
  {},
  { since: '2026-03-29T00:00:00Z' },
  { until: '2026-07-14T13:30:00+02:00' },
  { since: '2026-01-15T10:00:00Z', until: '2026-09-01T00:00:00Z' },
  { since: '2027-01-01T00:00:00Z' },
];

describe.each(seeds)('survey numbers of data set %i', (seed) => {
  let set: SurveyDataSet;
  let stores: ReadingStores;
  let surveys: ReadonlyMap<string, Survey>;
  beforeAll(async () => {
    set = await openSurveyDataSet(seed);
    // All who responded wait long enough.
    stores = {
      pool: set.pool,
      search: new Client({ node: inject('opensearch') }),
      now: () => new Date(Date.now() + 2 * day),
      anonymityThreshold: k,
    };
    surveys = new Map(distinct(set.rows.map(surveyOf)).map((id) => [id, surveyIn(set.rows, id, k)]));
  });
  afterAll(() => set.close());

  it('are those of surveys with enough respondents', () => {
    expect([...surveys.values()].filter(({ cells }) => cells.length > 3).length).toBeGreaterThan(1);
    expect([...surveys.values()].some(({ cells }) => cells.some(({ groups }) => groups.department))).toBe(true);
  });

  it('analytics', async () => {
    for (const [surveyId, survey] of surveys) {
      for (const window of windows) {
        for (const groupBy of [undefined, ...fields.slice(0, 2)]) {
          const query = { surveyId, ...window, groupBy };
          const answer = await surveyAnalytics(stores, query);
          const expected = analytics(survey, query);
          expect(withoutP(answer), JSON.stringify(query)).toEqual(withoutP(expected));
          if (answer === null || expected === null) continue;
          surveyAnalyticsData.parse(answer);
          for (const [id, { p_value: p }] of Object.entries(answer.trends)) {
            const reference = expected.trends[id]?.p_value ?? null;
            // The reference integrates numerically, less well where days are few.
            if (reference === null) expect(p).toBeNull();
            else expect(p).toBeCloseTo(reference, 4);
          }
        }
      }
    }
  });

  it('single questions, by every scale', async () => {
    for (const [surveyId, survey] of surveys) {
      for (const questionId of [...survey.blocks.keys(), 'unknown']) {
        for (const type of questionId === 'q001' ? [undefined, ...scaleType.options] : [undefined]) {
          const query = { surveyId, questionId, scaleType: type };
          const answer = await surveyQuestion(stores, query);
          expect(answer, JSON.stringify(query)).toEqual(question(survey, query));
          if (answer !== null) surveyQuestionData.parse(answer);
        }
      }
    }
  });

  it('totals and demographics', async () => {
    for (const [surveyId, survey] of surveys) {
      for (const { since } of windows) {
        const query = { surveyId, since };
        const [totals, groups] = [await surveyStats(stores, query), await surveyDemographics(stores, query)];
        expect(totals, JSON.stringify(query)).toEqual(stats(survey, query));
        expect(groups, JSON.stringify(query)).toEqual(demographics(survey, query));
        if (totals !== null) surveyStatsData.parse(totals);
        if (groups !== null) surveyDemographicsData.parse(groups);
      }
    }
  });

  it('single answers, over all pages', async () => {
    for (const [surveyId, survey] of surveys) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await surveyResponses(stores, { surveyId, limit: 97, cursor });
        if (page === null) break;
        const { responses: answers, total } = surveyResponsesData.parse(page);
        expect(total).toBe(responses(survey, { surveyId }).length);
        found.push(...answers.map((answer) => JSON.stringify(answer)));
        cursor = page.cursor ?? undefined;
      } while (cursor !== undefined);
      expect(found.sort()).toEqual(responses(survey, { surveyId }).sort());
    }
  });
});

function withoutP(data: SurveyAnalyticsData | null) {
  if (data === null) return null;
  const trends = Object.entries(data.trends).map(([id, trend]) => [id, { ...trend, p_value: null }]);
  return { ...data, trends: Object.fromEntries(trends) };
}
