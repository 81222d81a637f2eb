import { act, type Below, ext, madeUpId, oneOf } from '../workload/made-up.ts';
import { chance, type Draft, draft, type Stage } from './draft.ts';
import { actorOf, demographicsOf, verb } from './people.ts';
import { minute, timeText } from './time.ts';

const questions = 12;

interface Question {
  readonly id: string;
  /** Undefined: the producer does not say. */
  readonly type: string | undefined;
  readonly answer: (below: Below) => Record<string, unknown>;
  readonly definition?: Readonly<Record<string, unknown>>;
}

/** A scale answer as producers send it: the response, the score or both. `scaled` is a trap: it is no value of the scale. */
function scaleAnswer(min: number, max: number): Question['answer'] {
  return (below) => {
    const value = min + below(max - min + 1);
    const score = { raw: value, min, max, scaled: (value - min) / (max - min) };
    switch (below(5)) {
      case 0:
        return { score };
      case 1:
        return { response: 'Agree', score };
      case 2:
        return { response: String(value) };
      default:
        return { response: String(value), score };
    }
  };
}

/** A Likert answer whose scale only `scaled` tells: (value − 1) / 4. */
const scaledOnly: Question['answer'] = (below) => {
  const value = 1 + below(5);
  return { response: String(value), score: { scaled: (value - 1) / 4 } };
};

const choose =
  (...choices: readonly [string, ...string[]]): Question['answer'] =>
  (below) => ({ response: oneOf(choices, below) });

const words = choose(
  'More time for practice',
  'Good pace',
  'The third scenario was unclear to most of us on the late shift',
  '4 of 5',
  '7',
);

/** The scale of a Likert question in its definition. @see xAPI 1.0.3 Part 2, 2.4.4.1, likert */
function likertDefinition(points: number): Record<string, unknown> {
  return {
    interactionType: 'likert',
    scale: Array.from({ length: points }, (_, point) => ({
      id: String(point + 1),
      description: { 'en-US': `Point ${point + 1}` },
    })),
  };
}

type Shape = Omit<Question, 'id'>;

/** Every type of question that producers name, and some that nobody knows. */
const shapes: readonly [Shape, ...Shape[]] = [
  { type: 'likert_scale', answer: scaleAnswer(1, 5) },
  { type: 'nps', answer: (below) => npsAnswer(below) },
  { type: 'multiple_choice', answer: choose('a', 'b', 'c', 'd') },
  { type: 'rating', answer: scaleAnswer(1, 5) },
  { type: 'likert_scale', answer: scaledOnly },
  { type: 'text_area', answer: words },
  { type: 'likert', answer: scaleAnswer(1, 7), definition: likertDefinition(7) },
  { type: 'true_false', answer: choose('true', 'false') },
  { type: 'slider', answer: (below) => ({ response: String(below(101)) }) },
  { type: 'likert_scale', answer: scaleAnswer(1, 3) },
  { type: 'multi_select', answer: choose('a', 'a[,]c', 'b[,]c[,]d', 'd') },
  { type: 'matrix', answer: choose('pace[.]good[,]depth[.]poor', 'pace[.]poor[,]depth[.]poor') },
  { type: 'emoji_reaction', answer: choose('👍', '🤷') },
  { type: 'likert', answer: scaleAnswer(1, 2), definition: likertDefinition(2) },
  { type: 'numeric', answer: (below) => ({ response: `${below(40)}.5` }) },
  { type: 'checkbox', answer: choose('yes', 'no') },
  { type: 'nps_scale', answer: (below) => npsAnswer(below) },
  { type: 'short_answer', answer: words },
  { type: undefined, answer: choose('3', 'n/a') },
  { type: 'single_choice', answer: choose('red', 'green', 'blue') },
  { type: 'likert_scale', answer: scaleAnswer(0, 10) },
  { type: 'yes_no', answer: choose('yes', 'no') },
];

/** 0 to 10, rarely something that is none. */
function npsAnswer(below: Below): Record<string, unknown> {
  if (chance(2, below)) return { response: oneOf(['7.5', '11', '-1'], below) };
  const value = Math.min(10, below(6) + below(6) + below(2));
  return chance(20, below)
    ? { score: { raw: value, scaled: value / 10 } }
    : { response: String(value), score: { raw: value, scaled: value / 10 } };
}

/** Surveys share question ids; what is asked under one differs from survey to survey. */
function questionOf(survey: number, position: number): Question {
  const shape = shapes[(survey * 5 + position) % shapes.length] ?? shapes[0];
  return { id: `q${String(position + 1).padStart(3, '0')}`, ...shape };
}

export interface Response {
  readonly person: number;
  readonly survey: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** One person's way through a survey, as far as it went: started, answers (some empty, some given again), completed. */
export function surveyResponse({ person, survey: number, time: start }: Response, stage: Stage): Draft[] {
  const { below, population, window } = stage;
  const survey = madeUpId('survey', number);
  // The older producers: other verbs, types and IRIs.
  const older = chance(30, below);
  const topic = chance(25, below) ? 'xapi-events' : 'nlj.survey.responses';
  let time = start;
  const say = (
    statement: Readonly<Record<string, unknown>>,
    extensions: Readonly<Record<string, unknown>> = {},
  ): Draft =>
    draft(topic, survey, {
      version: '1.0.3',
      actor: actorOf({ person, time, population, window, below }),
      ...statement,
      context: {
        platform: 'NLJ Platform',
        extensions: {
          [`${ext}parent_survey`]: older ? `http://nlj.platform/content/${survey}` : survey,
          ...(chance(10, below) ? {} : demographicsOf(person, time, window)),
          ...extensions,
        },
      },
      timestamp: timeText(time, below),
    });
  const about = {
    objectType: 'Activity',
    id: `http://nlj.platform/content/${survey}`,
    definition: {
      name: { 'en-US': `Survey ${number}` },
      type: older ? `${act}assessment` : 'http://nlj.platform/activities/survey',
    },
  };
  const answered = (question: Question): Draft[] => {
    time = Math.min(time + below(2 * minute), window.until - 1);
    const statement = () => ({
      verb: verb('answered'),
      object: {
        objectType: 'Activity',
        id: older
          ? `http://nlj.platform/questions/${question.id}`
          : `http://nlj.platform/content/${survey}/question/${question.id}`,
        definition: {
          name: { 'en-US': `Question ${question.id} of survey ${number}` },
          type: `${act}${question.definition === undefined ? 'question' : 'cmi.interaction'}`,
          ...question.definition,
        },
      },
      result: chance(5, below) ? { response: oneOf(['', '  '], below) } : question.answer(below),
    });
    const extensions = {
      [`${ext}question_id`]: question.id,
      ...(question.type === undefined ? {} : { [`${ext}question_type`]: question.type }),
    };
    const first = say(statement(), extensions);
    if (!chance(10, below)) return [first];
    // Given again: later, or at the very same time.
    if (chance(60, below)) time = Math.min(time + below(2 * minute), window.until - 1);
    return [first, say(statement(), extensions)];
  };

  const drafts: Draft[] = [];
  if (!chance(15, below)) {
    const begin = older
      ? { id: 'http://activitystrea.ms/schema/1.0/start', display: { 'en-US': 'started' } }
      : verb('initialized');
    drafts.push(say({ verb: begin, object: about }));
  }
  const reached = chance(25, below) ? below(questions) : questions;
  for (let position = 0; position < reached; position += 1) {
    if (!chance(12, below)) drafts.push(...answered(questionOf(number, position)));
  }
  if (reached === questions && !chance(10, below)) {
    time = Math.min(time + below(2 * minute), window.until - 1);
    const duration = chance(80, below) ? { duration: `PT${60 + Math.round((time - start) / 1_000)}S` } : {};
    drafts.push(
      say(
        { verb: verb('completed'), object: about, result: { completion: true, ...duration } },
        { [`${ext}questions_answered`]: reached },
      ),
    );
  }
  return drafts;
}
