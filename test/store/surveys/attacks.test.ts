import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  surveyAnalytics,
  surveyQuestion,
  surveyResponses,
  surveyStats,
} from '../../../functions/analytics/survey/index.ts';
import { smallestGroupToldApart } from '../../support/attacker.ts';
import { statement } from '../../support/statement.ts';
import { type Response, responseStatements, userId } from '../../support/survey.ts';
import { everything, figuresOf, groupings, openSurveys, type Surveys, threshold } from './support.ts';

let surveys: Surveys;
beforeAll(async () => {
  surveys = await openSurveys();
});
afterAll(() => surveys.close());

const days = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05', '2026-03-06', '2026-03-07'];

/** Everybody's answer to `own` is a number of his own. */
function responseOf(survey: string, person: number, changes: Partial<Response> = {}): Response {
  return {
    survey,
    person,
    at: `${days[person % 5]}T10:00:00Z`,
    demographics: {
      department: person % 3 === 0 ? 'Sales' : 'Service',
      location: person % 4 === 0 ? 'Leeds' : 'York',
      job_level: person % 2 === 0 ? 'Lead' : 'Associate',
    },
    answers: {
      own: { type: 'numeric', response: String(1000 + person) },
      likes: { response: String(1 + (person % 5)), score: { min: 1, max: 5 } },
      why: { type: 'text_area', response: `What person ${person} wrote` },
    },
    seconds: 100 + person,
    ...changes,
  };
}

const people = (survey: string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => responseOf(survey, from + index));

async function closedSurvey(count: number) {
  const survey = randomUUID();
  await surveys.respond(...people(survey, 0, count));
  surveys.wait();
  await surveyStats(surveys.stores, { surveyId: survey });
  return survey;
}

const all = (survey: string) => everything(surveys, survey, ['own', 'likes', 'why']);

async function expectNobodyAlone(survey: string) {
  const figures = await figuresOf(surveys, survey, 'own', days);
  expect(figures.length).toBeGreaterThan(0);
  expect(smallestGroupToldApart(figures)?.length).toBeGreaterThanOrEqual(threshold);
}

describe('an attack by', () => {
  it('differencing two breakdowns: one person is of another department than of location', async () => {
    const survey = randomUUID();
    const odd = (person: number) => ({
      department: person < 12 ? 'Sales' : 'Service',
      location: person < 11 ? 'Leeds' : 'York',
      job_level: person < 13 ? 'Lead' : 'Associate',
    });
    await surveys.respond(
      ...people(survey, 0, 24).map((one) => ({ ...one, at: days[0] ?? '', demographics: odd(Number(one.person)) })),
    );
    surveys.wait();
    await expectNobodyAlone(survey);
    const [departments, locations] = await Promise.all(
      groupings.map((groupBy) => surveyAnalytics(surveys.stores, { surveyId: survey, groupBy })),
    );
    for (const data of [departments, locations]) {
      const other = data?.demographics?.other_responses ?? 0;
      expect(other === 0 || other >= threshold).toBe(true);
      const groups = data?.demographics?.groups.map(({ total_responses: total }) => total) ?? [];
      expect(groups.length).toBeGreaterThan(0);
      expect(groups.reduce((sum, total) => sum + total, other)).toBe(24);
    }
  });

  it('two time windows, each bound moved by a day or by a second', async () => {
    const survey = await closedSurvey(60);
    await expectNobodyAlone(survey);
    const totals: number[] = [];
    for (const date of days) {
      for (const time of ['00:00:00', '09:59:59', '10:00:00', '10:00:01', '23:59:59']) {
        const until = `${date}T${time}Z`;
        const data = await surveyAnalytics(surveys.stores, { surveyId: survey, until });
        totals.push(data?.overview.total_responses ?? 0);
      }
    }
    expect(new Set(totals).size).toBeGreaterThan(1);
    for (const one of totals) {
      for (const other of totals) {
        expect(one === other || Math.abs(one - other) >= threshold, `${one} and ${other}`).toBe(true);
      }
    }
  });

  it('the same window before and after one more answer', async () => {
    const survey = await closedSurvey(30);
    const before = await all(survey);
    expect(before.stats?.unique_respondents).toBe(30);
    for (const person of [100, 101, 102, 103]) {
      await surveys.respond(responseOf(survey, person));
      surveys.wait();
      expect(await all(survey)).toEqual(before);
    }
    await surveys.respond(responseOf(survey, 104));
    surveys.wait();
    expect((await surveyStats(surveys.stores, { surveyId: survey }))?.unique_respondents).toBe(35);
    await expectNobodyAlone(survey);
  });

  it('the first answer of a survey', async () => {
    const survey = randomUUID();
    for (const person of [0, 1, 2, 3]) {
      await surveys.respond(responseOf(survey, person));
      surveys.wait();
      expect(Object.values(await all(survey)).flat()).toEqual(Array.from({ length: 10 }, () => null));
    }
  });

  it('before and after a member changes an answer, his demographics, or completes again', async () => {
    const survey = await closedSurvey(30);
    const before = await all(survey);
    await surveys.respond(
      responseOf(survey, 7, {
        at: '2026-03-09T10:00:00Z',
        demographics: { department: 'Stores' },
        answers: { likes: { response: '5' }, own: { type: 'numeric', response: '9999' }, fresh: { response: '2' } },
        seconds: 9999,
      }),
    );
    surveys.wait();
    expect(await all(survey)).toEqual(before);
  });

  it("before and after a member's statements are voided", async () => {
    const survey = randomUUID();
    const [first, ...others] = people(survey, 0, 30);
    if (first === undefined) throw new Error('Nobody responded');
    const statements = responseStatements(first);
    await surveys.commit(statements);
    await surveys.respond(...others);
    surveys.wait();
    const before = await all(survey);
    for (const { id } of statements) await surveys.voidStatement(id);
    surveys.wait();
    expect(await all(survey)).toEqual(before);
  });

  it('before and after an identity is linked late', async () => {
    const survey = randomUUID();
    const mbox = `mailto:${randomUUID()}@example.org`;
    const alone = responseOf(survey, 0, { actor: { mbox } });
    await surveys.respond(alone, ...people(survey, 1, 29));
    surveys.wait();
    const before = await all(survey);
    const account = { homePage: 'http://nlj.platform', name: userId(`account of ${mbox}`) };
    await surveys.commit([statement({ actor: { mbox, account } })]);
    expect((await surveys.join()).length).toBeGreaterThan(0);
    // The account answers again: it is counted already.
    await surveys.respond(responseOf(survey, 0, { actor: { account }, at: '2026-03-09T10:00:00Z' }));
    surveys.wait();
    expect(await all(survey)).toEqual(before);
    const { rows } = await surveys.pool.query(
      'select count(*)::integer as people, count(cell)::integer as counted from survey_respondent where survey_id = $1',
      [survey],
    );
    expect(rows).toEqual([{ people: 30, counted: 30 }]);
  });

  it('before and after a member is erased, of whom nothing else stays', async () => {
    const survey = await closedSurvey(30);
    const before = await all(survey);
    const left = async () => {
      const { rows } = await surveys.pool.query<{ people: number; answers: number }>(
        `select (select count(*)::integer from survey_respondent where survey_id = $1) as people,
                (select count(*)::integer from survey_answer where survey_id = $1) as answers`,
        [survey],
      );
      return rows[0];
    };
    await surveys.erase(3);
    expect(await all(survey)).toEqual(before);
    expect(await left()).toEqual({ people: 29, answers: 29 * 3 });
    // With the last one, the cells go.
    await surveys.erase(...Array.from({ length: 30 }, (_, person) => person));
    expect(await left()).toEqual({ people: 0, answers: 0 });
    expect(Object.values(await all(survey)).flat()).toEqual(Array.from({ length: 10 }, () => null));
    const { rows } = await surveys.pool.query(
      `select 1 from survey_block where survey_id = $1 union all select 1 from survey_block_value where survey_id = $1
        union all select 1 from survey_component_cell where survey_id = $1`,
      [survey],
    );
    expect(rows).toEqual([]);
  });

  it('a filter and its complement', async () => {
    const survey = await closedSurvey(60);
    const whole = (await surveyStats(surveys.stores, { surveyId: survey }))?.unique_respondents ?? 0;
    for (const date of days) {
      const bound = `${date}T00:00:00Z`;
      const after = await surveyAnalytics(surveys.stores, { surveyId: survey, since: bound });
      const before = await surveyAnalytics(surveys.stores, { surveyId: survey, until: bound });
      const rest = whole - (after?.overview.total_responses ?? 0) - (before?.overview.total_responses ?? 0);
      expect(rest === 0 || rest >= threshold, `${rest} beside ${bound}`).toBe(true);
    }
  });

  it('a question against the survey: few answered it', async () => {
    const survey = randomUUID();
    const few = people(survey, 0, 30).map((one, person) =>
      person < 4 ? { ...one, answers: { ...one.answers, rare: { response: '3' } } } : one,
    );
    await surveys.respond(...few);
    surveys.wait();
    const data = await surveyAnalytics(surveys.stores, { surveyId: survey });
    expect(Object.keys(data?.questions ?? {}).sort()).toEqual(['likes', 'own', 'why']);
    expect(await surveyQuestion(surveys.stores, { surveyId: survey, questionId: 'rare' })).toBeNull();
  });

  it('paging, by pages of one and by what is new on them', async () => {
    const survey = await closedSurvey(30);
    const pages = async () => {
      const answers: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await surveyResponses(surveys.stores, { surveyId: survey, limit: 1, cursor });
        answers.push(...(page?.responses ?? []));
        cursor = page?.cursor ?? undefined;
      } while (cursor !== undefined);
      return answers;
    };
    const before = await pages();
    expect(before).toHaveLength(90);
    await surveys.respond(responseOf(survey, 100));
    surveys.wait();
    expect(await pages()).toEqual(before);
  });

  it('an export of all responses: no identity, time, text, demographics or link between two answers', async () => {
    const survey = await closedSurvey(30);
    const page = await surveyResponses(surveys.stores, { surveyId: survey, limit: 1000 });
    for (const answer of page?.responses ?? []) {
      expect(Object.keys(answer).sort()).toEqual(['question_id', 'question_type', 'response_value']);
    }
    // Five gave each point of the scale; what each gave alone, and texts, are not told.
    const values = Map.groupBy(page?.responses ?? [], ({ question_id }) => question_id);
    expect(values.get('likes')?.map(({ response_value }) => response_value)).toEqual(
      expect.arrayContaining([1, 2, 3, 4, 5]),
    );
    expect(new Set(values.get('own')?.map(({ response_value }) => response_value))).toEqual(new Set([null]));
    expect(new Set(values.get('why')?.map(({ response_value }) => response_value))).toEqual(new Set([null]));
    // The order is another one than that of arrival: answers of one person do not stand together.
    const questions = page?.responses.map(({ question_id }) => question_id) ?? [];
    expect(questions).not.toEqual(people(survey, 0, 30).flatMap(({ answers }) => Object.keys(answers ?? {})));
  });

  it('texts, and choices and numbers that somebody made up', async () => {
    const survey = randomUUID();
    // No mean, of two decimals, looks like one.
    const madeUp = (person: number) => `${person}.12${person}7`;
    await surveys.respond(
      ...people(survey, 0, 30).map((one, person) => ({
        ...one,
        answers: {
          ...one.answers,
          own: { type: 'numeric', response: madeUp(person) },
          pick: { type: 'multiple_choice', response: person === 11 ? 'Other: ask Dana Okafor' : 'Pay' },
        },
      })),
    );
    surveys.wait();
    const text = JSON.stringify(await all(survey));
    expect(text).toContain('Pay');
    expect(text).not.toContain('Dana');
    expect(text).not.toContain('wrote');
    for (let person = 0; person < 30; person += 1) expect(text).not.toContain(madeUp(person));
  });
});

type Step =
  | { readonly kind: 'respond'; readonly count: number }
  | { readonly kind: 'again' | 'void' | 'erase'; readonly person: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('respond'), count: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('again', 'void', 'erase'), person: fc.nat(40) }) },
);

it('tells no fewer people apart than the threshold, with every figure of every moment of a history', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 3, maxLength: 8 }),
      fc.array(fc.nat(), { minLength: 200, maxLength: 200 }),
      async (steps, random) => {
        const survey = randomUUID();
        const drawn = (person: number, limit: number) => (random[person % random.length] ?? 0) % limit;
        const someone = (person: number, version: number) =>
          responseOf(survey, person, {
            at: `${days[drawn(person, 5)]}T10:00:00Z`,
            demographics: {
              department: ['Sales', 'Service', 'Stores'][drawn(person, 3)] ?? '',
              location: ['Leeds', 'York'][drawn(person + version, 2)] ?? '',
            },
            answers: { own: { type: 'numeric', response: String(1000 * person + version) } },
          });
        let next = 0;
        const figures = [];
        const sent = new Map<number, string[]>();
        for (const [version, what] of steps.entries()) {
          if (what.kind === 'respond') {
            for (const person of Array.from({ length: what.count }, () => next++)) {
              const statements = responseStatements(someone(person, 0));
              sent.set(
                person,
                statements.map(({ id }) => id),
              );
              await surveys.commit(statements);
            }
          } else if (what.kind === 'again') await surveys.respond(someone(what.person, version + 1));
          else if (what.kind === 'erase') await surveys.erase(what.person);
          else for (const id of sent.get(what.person) ?? []) await surveys.voidStatement(id);
          surveys.wait();
          figures.push(...(await figuresOf(surveys, survey, 'own', days.slice(1, 4))));
        }
        seen += figures.length;
        expect(smallestGroupToldApart(figures)?.length ?? threshold).toBeGreaterThanOrEqual(threshold);
      },
    ),
    { numRuns: 4 },
  );
  expect(seen).toBeGreaterThan(100);
});
