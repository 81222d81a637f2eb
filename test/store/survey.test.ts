import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeChunk } from '../../functions/core/ledger/write.ts';
import { surveyProjection } from '../../functions/survey/projection.ts';
import { entry } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase } from './support/database.ts';

const ext = 'http://nlj.platform/extensions/';
const surveys = [randomUUID(), randomUUID()];
const people = [randomUUID(), randomUUID(), randomUUID()];

interface Event {
  readonly kind: 'started' | 'answered' | 'completed';
  readonly survey: number;
  readonly person: number;
  readonly question: number;
  readonly minute: number;
  readonly value: number;
  readonly department: string | null;
}

const event = fc.record<Event>({
  kind: fc.constantFrom('started', 'answered', 'completed'),
  survey: fc.nat(surveys.length - 1),
  person: fc.nat(people.length - 1),
  question: fc.nat(2),
  // Few minutes, so that some events share their time and the statement id decides.
  minute: fc.nat(3),
  value: fc.integer({ min: 1, max: 5 }),
  department: fc.option(fc.constantFrom('Sales', 'Service')),
});

function message({ kind, survey, person, question, minute, value, department }: Event) {
  const id = surveys[survey];
  const path = kind === 'answered' ? `/question/q${question}` : '';
  const verb = { started: 'initialized', answered: 'answered', completed: 'completed' }[kind];
  return statement({
    actor: { account: { homePage: 'http://nlj.platform', name: people[person] } },
    timestamp: `2026-03-01T10:0${minute}:00Z`,
    verb: { id: `http://adlnet.gov/expapi/verbs/${verb}` },
    object: {
      id: `http://nlj.platform/content/${id}${path}`,
      definition: { type: 'http://nlj.platform/activities/survey' },
    },
    ...(kind === 'answered' ? { result: { response: String(value) } } : {}),
    ...(kind === 'completed' ? { result: { duration: `PT${value}M` } } : {}),
    context: {
      extensions: {
        [`${ext}parent_survey`]: id,
        ...(department === null ? {} : { [`${ext}department`]: department }),
        ...(kind === 'answered'
          ? { [`${ext}question_id`]: `q${question}`, [`${ext}question_type`]: 'likert_scale' }
          : {}),
      },
    },
  });
}

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

async function tables() {
  const answers = await database.pool.query('select * from survey_answer order by survey_id, question_id, agent_key');
  const responses = await database.pool.query('select * from survey_response order by survey_id, agent_key');
  return { answers: answers.rows, responses: responses.rows };
}

it('ends with the same survey tables in whatever order, batches and repetitions the statements arrive', async () => {
  const ledger = database.ledger([surveyProjection]);
  const history = fc.array(event, { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(
      history,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 7 }),
      async (events, random, size) => {
        const messages = events.map(message);
        const deliver = async (batch: typeof messages) => {
          for (let from = 0; from < batch.length; from += size) {
            await writeChunk(
              ledger,
              batch.slice(from, from + size).map((value) => entry(value, { topic: 'nlj.survey.responses' })),
            );
          }
        };
        const clean = () => database.pool.query('truncate statement, survey_answer, survey_response');
        await clean();
        await deliver(messages);
        const expected = await tables();
        await clean();
        const shuffled = [...messages, ...messages.slice(0, 5)].sort(() =>
          (random.next().value ?? 0) % 2 === 0 ? 1 : -1,
        );
        await deliver(shuffled);
        expect(await tables()).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
});

it('keeps one answer per question and person: the latest by time, then by statement id', async () => {
  await database.pool.query('truncate statement, survey_answer, survey_response');
  const ledger = database.ledger([surveyProjection]);
  const at = (minute: number, value: number) =>
    message({ kind: 'answered', survey: 0, person: 0, question: 1, minute, value, department: 'Sales' });
  await ledger.commit([entry(at(2, 5), { topic: 'nlj.survey.responses' })]);
  await ledger.commit([entry(at(1, 2), { topic: 'nlj.survey.responses' })]);
  const { answers, responses } = await tables();
  expect(answers).toHaveLength(1);
  expect(answers[0]).toMatchObject({ numeric_value: 5, question_type: 'likert_scale' });
  expect(responses).toHaveLength(1);
  expect(responses[0]).toMatchObject({
    first_seen: new Date('2026-03-01T10:01:00Z'),
    demographics: { department: 'Sales' },
  });
});
