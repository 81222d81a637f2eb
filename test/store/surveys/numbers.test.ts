import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  surveyAnalytics,
  surveyAnalyticsQuery,
  surveyDemographics,
  surveyQuestion,
  surveyStats,
} from '../../../functions/analytics/survey/index.ts';
import { type Response, responseStatements } from '../../support/survey.ts';
import { everything, openSurveys, type Surveys } from './support.ts';

let surveys: Surveys;
beforeAll(async () => {
  surveys = await openSurveys();
});
afterAll(() => surveys.close());

type Answers = NonNullable<Response['answers']>;

/** A survey with so many respondents, all in closed cells. */
async function surveyOf(count: number, response: (person: number) => Partial<Response>) {
  const survey = randomUUID();
  await surveys.respond(...Array.from({ length: count }, (_, person) => ({ survey, person, ...response(person) })));
  surveys.wait();
  return survey;
}

const analytics = async (surveyId: string) => {
  const data = await surveyAnalytics(surveys.stores, { surveyId });
  if (data === null) throw new Error('Nothing may be shown');
  return data;
};

/** Defects of the system that this one replaces, each shown right here. */
describe('survey numbers', () => {
  it('do not leak between surveys that share question ids', async () => {
    const of = (response: string) => (): Partial<Response> => ({
      answers: { q001: { response, score: { min: 1, max: 5 } } },
    });
    const [happy, sad] = [await surveyOf(10, of('5')), await surveyOf(12, of('1'))];
    expect((await analytics(happy)).questions['q001']).toMatchObject({ response_count: 10, average_score: 5 });
    expect(await surveyQuestion(surveys.stores, { surveyId: sad, questionId: 'q001' })).toMatchObject({
      response_count: 12,
      statistics: { mean: 1 },
    });
    expect(await surveyStats(surveys.stores, { surveyId: sad })).toMatchObject({ total_responses: 12 });
  });

  it('take the NPS of the answers, not of the scaled score', async () => {
    const answers = (value: number): Answers => ({
      q: { type: 'nps', response: String(value), score: { scaled: value / 10 } },
    });
    const survey = await surveyOf(10, (person) => ({ answers: answers(person < 6 ? 9 : person < 8 ? 7 : 3) }));
    expect((await analytics(survey)).questions['q']).toMatchObject({
      nps: { promoters: { count: 6 }, passives: { count: 2 }, detractors: { count: 2 }, nps_category: 'Good' },
      nps_score: 40,
    });
  });

  it('take positive and negative Likert answers of the answers, not of the scaled score', async () => {
    const survey = await surveyOf(10, (person) => ({
      answers: { q: { response: String(1 + (person % 5)), score: { scaled: (person % 5) / 4 } } },
    }));
    expect((await analytics(survey)).questions['q']).toMatchObject({
      scale_info: { min: 1, max: 5 },
      semantic_summary: { positive: { count: 4 }, neutral: { count: 2 }, negative: { count: 4 } },
    });
  });

  it('are not zero for questions that have a type', async () => {
    const survey = await surveyOf(10, (person) => ({
      answers: {
        likert: { response: '4', score: { min: 1, max: 5 } },
        nps: { type: 'nps', response: '10' },
        binary: { type: 'true_false', response: person < 7 ? 'true' : 'false' },
        choice: { type: 'multiple_choice', response: person < 5 ? 'Pay' : 'Pace' },
      },
    }));
    const { likert, nps, binary, choice } = (await analytics(survey)).questions;
    expect(likert).toMatchObject({ average_score: 4, statistics: { median: 4, mode: 4, standard_deviation: 0 } });
    expect(nps).toMatchObject({ nps_score: 100, average_score: 10 });
    expect(binary).toMatchObject({ yes_percentage: 70, no_percentage: 30 });
    expect(choice?.distribution.map(({ label, count, percentage }) => [label, count, percentage])).toEqual([
      ['Pace', 5, 50],
      ['Pay', 5, 50],
    ]);
  });

  it('have no response rate while nobody says how many were invited, and no invented duration', async () => {
    const survey = await surveyOf(10, () => ({ answers: { q: { response: '3' } } }));
    expect((await analytics(survey)).overview).toMatchObject({ response_rate: null, avg_completion_time: null });
    expect(await surveyStats(surveys.stores, { surveyId: survey })).toMatchObject({
      response_rate: null,
      average_completion_time: null,
    });
  });

  it('do not count a missing score as 0', async () => {
    const survey = await surveyOf(10, (person) => ({
      answers: { q: { response: '4', ...(person < 5 ? { score: { scaled: 0.75 } } : {}) } },
    }));
    expect((await analytics(survey)).questions['q']?.average_score).toBe(4);
  });

  it('take the responses from the respondents, not from the first question', async () => {
    const survey = await surveyOf(12, (person): Partial<Response> => {
      if (person >= 9) return { completed: false };
      return { answers: { ...(person < 6 ? { a: { response: '1' } } : {}), b: { response: '2' } } };
    });
    const { overview, questions } = await analytics(survey);
    expect(overview).toMatchObject({ total_responses: 12, total_answers: 15, completion_rate: 75 });
    expect(questions['a']).toMatchObject({ response_count: 6, skip_rate: 50 });
    expect(questions['b']).toMatchObject({ response_count: 9, skip_rate: 25 });
  });

  it('count people in groups, not answers', async () => {
    const survey = await surveyOf(12, (person) => ({
      demographics: { department: person === 0 ? 'Legal' : 'Sales' },
      answers: {
        a: { response: '1' },
        b: { response: '2' },
        c: { response: '3' },
        d: { response: '4' },
        e: { response: '5' },
      },
    }));
    const data = await surveyAnalytics(surveys.stores, { surveyId: survey, groupBy: 'department' });
    expect(data?.demographics).toEqual({ field: 'department', groups: [], other_responses: 12 });
    expect(JSON.stringify(await everything(surveys, survey, ['a']))).not.toContain('Legal');
  });

  it('count a repeated answer once, the latest', async () => {
    const survey = await surveyOf(10, () => ({ answers: { q: { response: '1' } } }));
    const again = randomUUID();
    const response = (person: number, at: string, value: string) => ({
      survey: again,
      person,
      at,
      answers: { q: { response: value } },
    });
    for (let person = 0; person < 10; person += 1) {
      await surveys.respond(
        response(person, '2026-03-02T12:00:00Z', '5'),
        response(person, '2026-03-02T10:00:00Z', '1'),
      );
    }
    surveys.wait();
    expect((await analytics(survey)).questions['q']).toMatchObject({ response_count: 10, average_score: 1 });
    expect((await analytics(again)).questions['q']).toMatchObject({ response_count: 10, average_score: 5 });
  });

  it('know the demographics that producers send, and no other extension', async () => {
    const survey = await surveyOf(10, () => ({
      demographics: { tenure: '1-2 years', survey_type: 'exit', user_role: 'learner', session_id: 's-42' },
      answers: { q: { response: '3' } },
    }));
    const data = await surveyDemographics(surveys.stores, { surveyId: survey });
    expect(data?.detected_fields).toEqual(['tenure', 'role']);
    expect(data?.field_coverage[0]).toEqual({
      field: 'tenure',
      frequency: 10,
      coverage_percentage: 100,
      unique_values: 1,
      groups: [{ value: '1-2 years', respondents: 10 }],
    });
  });

  it('are grouped by known fields only', () => {
    const query = (groupBy: string) => surveyAnalyticsQuery.safeParse({ surveyId: 's', groupBy }).success;
    expect([query('department'), query("x' or 1=1"), query('question_type')]).toEqual([true, false, false]);
  });

  it('heed the window', async () => {
    const survey = await surveyOf(20, (person) => ({
      at: person < 10 ? '2026-03-02T10:00:00Z' : '2026-05-02T10:00:00Z',
      demographics: { department: person < 10 ? 'Sales' : 'Service' },
      answers: { q: { response: '3' } },
    }));
    const since = async (day: string) =>
      (await surveyStats(surveys.stores, { surveyId: survey, since: `${day}T00:00:00Z` }))?.unique_respondents;
    expect([await since('2026-03-01'), await since('2026-04-01'), await since('2026-06-01')]).toEqual([20, 10, 0]);
  });

  it('count more than a thousand respondents', async () => {
    const survey = await surveyOf(1_100, (person) => ({ demographics: { department: `D${person % 3}` }, seconds: 60 }));
    expect((await analytics(survey)).overview).toMatchObject({ total_responses: 1_100, avg_completion_time: 60 });
  });
});

describe('cells', () => {
  it('are closed once, however many read at once', async () => {
    const survey = await surveyOf(60, (person) => ({
      answers: { q: { response: String(1 + (person % 5)) } },
    }));
    await Promise.all(Array.from({ length: 6 }, () => surveyStats(surveys.stores, { surveyId: survey })));
    expect(await surveyStats(surveys.stores, { surveyId: survey })).toMatchObject({
      unique_respondents: 60,
      total_responses: 60,
    });
  });

  it('are closed when enough wait, or some have waited for a day', async () => {
    const survey = randomUUID();
    const respond = (from: number, count: number) =>
      surveys.respond(...Array.from({ length: count }, (_, index) => ({ survey, person: from + index })));
    const counted = async () => (await surveyStats(surveys.stores, { surveyId: survey }))?.unique_respondents;
    await surveys.pool.query(
      "alter table survey_respondent alter column arrived set default now() + interval '10 years'",
    );
    await respond(0, 19);
    surveys.wait();
    expect(await counted()).toBeUndefined();
    await surveys.pool.query('alter table survey_respondent alter column arrived set default now()');
    await respond(19, 19);
    surveys.wait();
    expect(await counted()).toBe(19);
  });

  it('do not change by statements that come again', async () => {
    const survey = randomUUID();
    const statements = Array.from({ length: 30 }, (_, person) =>
      responseStatements({ survey, person, answers: { q: { response: '2' } } }),
    ).flat();
    await surveys.commit(statements);
    surveys.wait();
    const before = await everything(surveys, survey, ['q']);
    await surveys.commit(statements);
    surveys.wait();
    expect(await everything(surveys, survey, ['q'])).toEqual(before);
  });
});
