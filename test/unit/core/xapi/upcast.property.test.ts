import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, upcast, validateStatement } from '../../../../functions/core/xapi/index.ts';
import { topics } from '../../../../functions/core/xapi/topics.ts';
import { completeStatement, junk } from './support/arbitrary.ts';

const ext = 'http://nlj.platform/extensions/';
const adl = 'http://adlnet.gov/expapi/verbs/';
const record = { cluster: 'arn:aws:kafka:x', topic: 't', partition: 0, offset: 1, timestamp: 1_755_163_800_000 };

const topic = fc.constantFrom(...Object.values(topics), 'other');

const anything = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    'x',
    0,
    5,
    true,
    [],
    {},
    'http://nlj.platform/content/s1',
    's1',
    '2025-09-02',
    '13:00',
    'requested',
    'progress',
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

const extensionNames = [
  'parent_survey',
  'user_role',
  'role',
  'generation_status',
  'prompt',
  'content_type',
  'prompt_config',
  'source_documents',
  'source_document_ids',
  'session_date',
  'session_time',
  'timezone',
  'start_time',
  'max_participants',
  'capacity',
  'program_id',
  'booking_id',
  'learner_id',
  'learner_name',
  'confirmed_by',
  'cancelled_by',
  'confirmation_method',
  'special_requirements',
  'check_in_time',
  'attendance_percentage',
  'completion_percentage',
  '__proto__',
  'http://e.example',
] as const;
const extensions = fc.dictionary(
  fc.constantFrom(...extensionNames, ...extensionNames.map((name) => ext + name)),
  anything,
  { maxKeys: 8 },
);

const iri = fc.constantFrom(
  'http://nlj.platform/content/s1',
  'http://nlj.platform/questions/q1',
  'http://nlj.platform/training-sessions/s1',
  'http://nlj.platform/training-bookings/b1',
  'http://nlj.platform/training-programs/p1',
  'x:y',
);
const verbId = fc.constantFrom(
  ...[
    'experienced',
    'authored',
    'shared',
    'scheduled',
    'voided',
    'registered',
    'approved',
    'attended',
    'completed',
    'earned',
    'modified',
  ].map((word) => adl + word),
  'http://activitystrea.ms/schema/1.0/start',
  'http://nlj.platform/verbs/cancelled',
);

function some(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<JsonObject> {
  const either = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      fc.oneof({ weight: 8, arbitrary: value }, { weight: 1, arbitrary: anything }),
    ]),
  );
  return fc.record(either, { requiredKeys: [] });
}

const parent = fc.oneof(some({ id: iri }), fc.array(some({ id: iri }), { maxLength: 2 }));
const type = fc
  .constantFrom('assessment', 'lesson', 'badge', 'meeting')
  .map((word) => `http://adlnet.gov/expapi/activities/${word}`);

/** What producers of both generations might send, and much that none would. */
const dialect = some({
  id: fc.uuid(),
  timestamp: fc.constant('2025-08-14T09:30:00'),
  version: fc.constant('1.0.3'),
  event_type: fc.string(),
  actor: some({
    mbox: fc.constant('mailto:a@b.example'),
    account: some({ homePage: fc.constant('http://nlj.platform'), name: fc.constantFrom('u1', 'system') }),
  }),
  verb: some({ id: verbId, display: fc.constant({}) }),
  object: some({
    objectType: fc.constantFrom('Activity', 'StatementRef'),
    id: iri,
    definition: some({ type, extensions }),
  }),
  result: some({ score: some({ scaled: fc.constant(null) }), extensions }),
  context: some({ parent, extensions, platform: fc.constant(null), contextActivities: some({ parent }) }),
});

const value = fc.oneof(
  { weight: 4, arbitrary: dialect },
  { weight: 1, arbitrary: junk },
  { weight: 1, arbitrary: completeStatement },
);

describe('upcast, whatever it is given', () => {
  it('is idempotent: what it made it leaves as it is', () => {
    fc.assert(
      fc.property(topic, value, (on, sent) => {
        const once = upcast({ value: sent, topic: on, record });
        const twice = upcast({ value: once.statement, topic: on, record });
        expect(twice.rules).toEqual([]);
        expect(twice.statement).toBe(once.statement);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never changes its input, and says nothing where nothing changed', () => {
    fc.assert(
      fc.property(topic, value, (on, sent) => {
        const before = JSON.stringify(sent);
        const { statement, rules } = upcast({ value: sent, topic: on, record });
        expect(JSON.stringify(sent)).toBe(before);
        expect(statement === sent).toBe(rules.length === 0);
        if (rules.length > 0) expect(JSON.stringify(statement)).not.toBe(before);
        validateStatement(statement);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves a valid statement valid', () => {
    fc.assert(
      fc.property(topic, completeStatement, (on, sent) => {
        const { statement } = upcast({ value: sent, topic: on, record });
        expect(validateStatement(statement).ok).toBe(true);
        expect(isJsonObject(statement)).toBe(true);
      }),
    );
  });
});
