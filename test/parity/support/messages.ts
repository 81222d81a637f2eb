import type { OutgoingMessage } from '../../../localstack/workload/message.ts';
import { statement } from '../../support/statement.ts';

const adl = 'http://adlnet.gov/expapi/verbs/';
const ext = 'http://nlj.platform/extensions/';

/** A learner's statement in short. */
export interface Told {
  /** User id. */
  readonly who?: string;
  readonly verb?: string;
  /** IRI. */
  readonly activity?: string;
  readonly type?: string;
  readonly at?: string;
  readonly result?: object;
  readonly registration?: string;
  /** By bare names. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly actor?: object;
  readonly topic?: string;
  readonly id?: string;
}

export function told(options: Told = {}): OutgoingMessage {
  const {
    who = 'learner-1',
    verb = 'experienced',
    activity = 'http://nlj.platform/activities/1',
    type,
    at,
    result,
  } = options;
  const { registration, extensions = {}, actor, topic = 'nlj.learning.activities', id } = options;
  const body = statement({
    ...(id === undefined ? {} : { id }),
    timestamp: at ?? '2026-11-08T10:00:00Z',
    actor: actor ?? { account: { homePage: 'http://nlj.platform', name: who } },
    verb: { id: adl + verb },
    object: { id: activity, ...(type === undefined ? {} : { definition: { type } }) },
    ...(result === undefined ? {} : { result }),
    context: {
      ...(registration === undefined ? {} : { registration }),
      extensions: Object.fromEntries(Object.entries(extensions).map(([name, value]) => [ext + name, value])),
    },
  });
  return { topic, key: null, value: Buffer.from(JSON.stringify(body)) };
}

/** A statement that voids another. */
export function voiding(target: string): OutgoingMessage {
  const body = statement({ verb: { id: `${adl}voided` }, object: { objectType: 'StatementRef', id: target } });
  return { topic: 'xapi-events', key: null, value: Buffer.from(JSON.stringify(body)) };
}

/** The IRI of the survey that statements with `survey` in their extensions are about. */
export const survey = '5a1c0000-0000-4000-8000-0000000005dd';
export const surveyActivity = `http://nlj.platform/content/${survey}`;
