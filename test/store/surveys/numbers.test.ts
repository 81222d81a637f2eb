import { afterAll, beforeAll, expect, it } from 'vitest';
import {
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
} from '../../../functions/analytics/survey/index.ts';
import { type Response, surveyId } from '../../support/survey.ts';
import { openSurveys, type Surveys } from './support.ts';

let surveys: Surveys;
beforeAll(async () => {
  surveys = await openSurveys();
});
afterAll(() => surveys.close());

const people = (count: number, response: (person: number) => Omit<Response, 'person'>) =>
  Array.from({ length: count }, (_, person) => ({ person, ...response(person) }));

it('answers every route of a survey', async () => {
  const survey = surveyId('every route');
  await surveys.respond(
    ...people(24, (person) => ({
      survey,
      demographics: { department: person % 2 === 0 ? 'Sales' : 'Service' },
      seconds: 60 + person,
      answers: {
        q1: { response: String(1 + (person % 5)), score: { min: 1, max: 5, raw: 3 } },
        q2: { type: 'nps', response: String(person % 11) },
      },
    })),
  );
  const query = { surveyId: survey, groupBy: 'department' } as const;
  const analytics = surveyAnalyticsData.parse(await surveyAnalytics(surveys.stores, query));
  console.log(JSON.stringify(analytics, null, 1));
  console.log(
    JSON.stringify(
      surveyQuestionData.parse(await surveyQuestion(surveys.stores, { surveyId: survey, questionId: 'q2' })),
    ),
  );
  console.log(JSON.stringify(surveyStatsData.parse(await surveyStats(surveys.stores, { surveyId: survey }))));
  console.log(
    JSON.stringify(surveyDemographicsData.parse(await surveyDemographics(surveys.stores, { surveyId: survey }))),
  );
  console.log(
    JSON.stringify(surveyResponsesData.parse(await surveyResponses(surveys.stores, { surveyId: survey, limit: 7 }))),
  );
  expect(analytics.overview.total_responses).toBe(24);
});
