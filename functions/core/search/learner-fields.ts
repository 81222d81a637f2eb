import { createHash } from 'node:crypto';
import type { StatementRow } from '../ledger/row.ts';
import { extension } from '../statement/reading.ts';
import { voidingTarget } from '../xapi/index.ts';
import { adl, nljHomePage } from '../xapi/prefixes.ts';

/** Members of a document that make learner numbers exact and cheap to aggregate. Absent where the statement counts in none. */
export interface LearnerFields {
  /** Whether the statement counts in learner numbers, by what it is (spec: search.md, Numbers); origin and voiding apart. */
  readonly learner_number: boolean;
  /** Names the activity in 22 characters, however long its IRI. */
  readonly activity_key?: string | undefined;
  /** Names learner and activity. */
  readonly pair?: string | undefined;
  /** Names learner, activity and registration, a missing one included. */
  readonly attempt?: string | undefined;
  /** Verb completed or passed, or `result.completion` true. */
  readonly completes?: boolean | undefined;
  /** Whether it has a scaled score. */
  readonly scored?: boolean | undefined;
  /** `result.success`, else what verb passed or failed says. */
  readonly succeeded?: boolean | undefined;
  /** `ext:activity_type`, else the last segment of the activity's type. */
  readonly category?: string | undefined;
}

const surveyEvents = new Set(['survey.started', 'survey.completed']);
const completingVerbs = new Set([`${adl}completed`, `${adl}passed`]);

export function learnerFields({ event, body, agentKey }: StatementRow): LearnerFields {
  const isLearning = event.startsWith('activity.') && voidingTarget(body) === null && !isSurveyAnswer(body);
  if ((!isLearning && !surveyEvents.has(event)) || isPlatform(body.actor)) return { learner_number: false };
  const { verb, object, result, context } = body;
  const activity = object.objectType === undefined || object.objectType === 'Activity' ? object : null;
  const inPair = activity !== null && agentKey !== null;
  return {
    learner_number: true,
    activity_key: activity === null ? undefined : activityKey(activity.id),
    pair: inPair ? nameOf(agentKey, activity.id) : undefined,
    attempt: inPair ? nameOf(agentKey, activity.id, context?.registration?.toLowerCase() ?? '') : undefined,
    completes: completingVerbs.has(verb.id) || result?.completion === true,
    scored: result?.score?.scaled !== undefined,
    succeeded: result?.success ?? successByVerb(verb.id),
    category: categoryOf(extension(context?.extensions, 'activity_type'), activity?.definition?.type),
  };
}

/** The `activity_key` of an activity. */
export function activityKey(id: string): string {
  return nameOf(id);
}

/** 132 bits of a hash: two things of a billion share a name once in 10²². Neither IRIs nor keys hold a line end. */
function nameOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22);
}

/** An answer is one on every topic, also where topics do not tell surveys apart: its score is not for learner numbers. */
function isSurveyAnswer({ verb, context }: StatementRow['body']): boolean {
  return verb.id === `${adl}answered` && extension(context?.extensions, 'parent_survey') !== undefined;
}

/** Account `system` is the platform itself, never a learner. */
function isPlatform({ account }: StatementRow['body']['actor']): boolean {
  return account?.homePage === nljHomePage && account.name === 'system';
}

function successByVerb(verb: string): boolean | undefined {
  if (verb === `${adl}passed`) return true;
  return verb === `${adl}failed` ? false : undefined;
}

/** What is longer is text that somebody wrote. */
const longestCategory = 256;

function categoryOf(stated: unknown, type: string | undefined): string | undefined {
  if (typeof stated === 'string' && stated !== '' && stated.length <= longestCategory) return stated;
  const segment = type
    ?.replace(/[/#]+$/, '')
    .split(/[/#]/)
    .at(-1);
  return segment === '' ? undefined : segment;
}
