import { v5 as uuidV5 } from 'uuid';
import { statement } from './statement.ts';

const ext = 'http://nlj.platform/extensions/';
const namespace = '7f3a0c52-1f0e-5c52-8f5a-0a1b2c3d4e5f';

export const surveyId = (name: string | number) => uuidV5(`survey ${name}`, namespace);
export const userId = (person: string | number) => uuidV5(`person ${person}`, namespace);

export interface Answered {
  readonly type?: string | undefined;
  readonly response?: string;
  readonly score?: Readonly<Record<string, number>>;
  readonly title?: string;
  readonly scale?: readonly number[];
}

export interface Response {
  readonly survey: string;
  readonly person: string | number;
  /** ISO 8601: when it began; answers come a minute apart. */
  readonly at?: string;
  readonly demographics?: Readonly<Record<string, string>>;
  readonly answers?: Readonly<Record<string, Answered>>;
  readonly completed?: boolean;
  readonly seconds?: number;
  readonly actor?: Readonly<Record<string, unknown>>;
}

/** The statements of one person's response, as the ledger takes them. */
export function responseStatements({
  survey,
  person,
  at = '2026-03-02T10:00:00Z',
  demographics = {},
  answers = {},
  completed = true,
  seconds,
  actor = { account: { homePage: 'http://nlj.platform', name: userId(person) } },
}: Response) {
  const context = { [`${ext}parent_survey`]: survey, ...prefixed(demographics) };
  const about = {
    id: `http://nlj.platform/content/${survey}`,
    definition: { type: 'http://nlj.platform/activities/survey' },
  };
  const verb = (name: string) => ({ id: `http://adlnet.gov/expapi/verbs/${name}` });
  const time = (minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();
  return [
    statement({
      actor,
      timestamp: time(0),
      verb: verb('initialized'),
      object: about,
      context: { extensions: context },
    }),
    ...Object.entries(answers).map(([question, { type = 'likert_scale', response, score, title, scale }], index) =>
      statement({
        actor,
        timestamp: time(index + 1),
        verb: verb('answered'),
        object: {
          id: `http://nlj.platform/content/${survey}/question/${question}`,
          definition: {
            type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
            ...(title === undefined ? {} : { name: { 'en-US': title } }),
            ...(scale === undefined
              ? {}
              : { interactionType: 'likert', scale: scale.map((point) => ({ id: String(point) })) }),
          },
        },
        result: { ...(response === undefined ? {} : { response }), ...(score === undefined ? {} : { score }) },
        context: { extensions: { ...context, [`${ext}question_id`]: question, [`${ext}question_type`]: type } },
      }),
    ),
    ...(completed
      ? [
          statement({
            actor,
            timestamp: time(Object.keys(answers).length + 1),
            verb: verb('completed'),
            object: about,
            result: seconds === undefined ? {} : { duration: `PT${seconds}S` },
            context: { extensions: context },
          }),
        ]
      : []),
  ];
}

function prefixed(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [ext + name, value]));
}
