import { type JsonObject, textMember } from '../json.ts';
import { act, adl, as } from '../prefixes.ts';
import { topics } from '../topics.ts';
import {
  activityOf,
  activityType,
  contextExtension,
  type UpcastRule,
  verbOf,
  withActivityType,
  withContextExtensions,
  withMember,
  withVerb,
} from './rule.ts';

const surveyTopics = [topics.survey, topics.xapiEvents];

const contentIri = 'http://nlj.platform/content/';
const surveyType = 'http://nlj.platform/activities/survey';
const assessmentTypes = [`${act}assessment`, 'http://nlj.platform/activitytypes/assessment'];

/** Surveys and their questions, on the survey topic and `xapi-events`. */
export const surveyRules: readonly UpcastRule[] = [
  {
    name: 'survey-parent-url',
    topics: surveyTopics,
    description: 'ext:parent_survey sent as URL becomes the bare id of the survey',
    apply: (statement) => {
      const parent = contextExtension(statement, 'parent_survey');
      if (typeof parent !== 'string') return statement;
      const id = /^https?:\/\/[^/]+\/(?:[^?#]*\/)?([^/?#]+)\/?$/.exec(parent)?.[1];
      return id === undefined ? statement : withContextExtensions(statement, { parent_survey: id });
    },
  },
  {
    name: 'survey-user-role',
    topics: surveyTopics,
    description: 'ext:user_role becomes ext:role',
    apply: (statement) => {
      const role = contextExtension(statement, 'user_role');
      if (role === undefined) return statement;
      const kept = contextExtension(statement, 'role') ?? role;
      return withContextExtensions(statement, { user_role: undefined, role: kept });
    },
  },
  {
    name: 'survey-question-iri',
    topics: surveyTopics,
    description: 'A question http://nlj.platform/questions/{q} gets its IRI under the survey',
    apply: (statement) => {
      const survey = surveyOf(statement);
      const question = /^https?:\/\/nlj\.platform\/questions\/([^/?#]+)$/.exec(objectId(statement) ?? '')?.[1];
      const activity = activityOf(statement);
      if (survey === undefined || question === undefined || activity === undefined) return statement;
      const id = `${contentIri}${survey}/question/${question}`;
      return withMember(statement, 'object', withMember(activity, 'id', id));
    },
  },
  {
    name: 'survey-started-verb',
    topics: surveyTopics,
    description: 'adl:experienced or as:start on a survey becomes adl:initialized',
    apply: (statement) => {
      const verb = verbOf(statement);
      const starts = verb === `${adl}experienced` || verb === `${as}start`;
      return starts && isAboutSurvey(statement) ? withVerb(statement, `${adl}initialized`) : statement;
    },
  },
  {
    name: 'survey-object-type',
    topics: surveyTopics,
    description: 'A survey sent as assessment gets the type of a survey',
    apply: (statement) => {
      const type = activityType(activityOf(statement) ?? {});
      const isAssessment = type !== undefined && assessmentTypes.includes(type);
      return isAssessment && isAboutSurvey(statement) ? withActivityType(statement, surveyType) : statement;
    },
  },
];

function objectId(statement: JsonObject): string | undefined {
  return textMember(activityOf(statement), 'id');
}

/** The survey's id, where it is one that can stand in an IRI's path. */
function surveyOf(statement: JsonObject): string | undefined {
  const parent = contextExtension(statement, 'parent_survey');
  return typeof parent === 'string' && /^[\w.~-]+$/.test(parent) ? parent : undefined;
}

/** Whether the object is the survey itself, not one of its questions. */
function isAboutSurvey(statement: JsonObject): boolean {
  const survey = surveyOf(statement);
  return survey !== undefined && objectId(statement) === contentIri + survey;
}
