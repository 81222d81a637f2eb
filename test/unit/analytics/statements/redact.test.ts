import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redacted } from '../../../../functions/analytics/statements/redact.ts';
import { consumedExamples } from '../../../../localstack/workload/examples.ts';
import { completeStatement } from '../../core/xapi/support/arbitrary.ts';

const stored = '2026-03-01T10:00:00.000000Z';
const agentKey = 'v1.key';
const person = {
  objectType: 'Agent',
  name: 'Ann Okafor',
  account: { homePage: 'http://nlj.platform', name: 'secret-user' },
};
const body = {
  id: '5a1c0000-0000-4000-8000-000000000001',
  actor: { ...person, mbox: 'mailto:secret@example.com' },
  verb: { id: 'http://adlnet.gov/expapi/verbs/answered', display: { 'en-US': 'answered' } },
  object: {
    objectType: 'Activity',
    id: 'http://nlj.platform/activities/1',
    definition: {
      type: 'http://adlnet.gov/expapi/activities/cmi.interaction',
      name: { en: 'Forklift' },
      description: { en: 'secret' },
      correctResponsesPattern: ['secret'],
      extensions: { 'http://x/y': 'secret' },
    },
  },
  result: {
    response: 'secret',
    success: true,
    duration: 'PT1M',
    score: { scaled: 0, raw: 1 },
    extensions: { 'http://x/y': 'secret' },
  },
  context: {
    registration: '5a1c0000-0000-4000-8000-000000000002',
    platform: 'NLJ',
    instructor: { ...person, name: 'secret' },
    team: { objectType: 'Group', name: 'secret', mbox: 'mailto:secret@example.com' },
    contextActivities: {
      parent: [{ id: 'http://nlj.platform/activities/0', definition: { description: { en: 'secret' } } }],
    },
    extensions: { 'http://nlj.platform/extensions/comment': 'secret' },
  },
  authority: { ...person, name: 'secret' },
  attachments: [{ display: { en: 'secret' } }],
  timestamp: '2026-03-01T09:59:00Z',
  version: '1.0.3',
};

describe('a statement for others', () => {
  it('says who as an agent key, what, when and how well', () => {
    expect(redacted({ body, stored, agentKey }, 'other')).toEqual({
      id: body.id,
      actor: { objectType: 'Agent', account: { homePage: 'urn:nlj:agent-key', name: 'v1.key' } },
      verb: body.verb,
      object: {
        objectType: 'Activity',
        id: 'http://nlj.platform/activities/1',
        definition: { type: 'http://adlnet.gov/expapi/activities/cmi.interaction', name: { en: 'Forklift' } },
      },
      result: { success: true, duration: 'PT1M', score: { scaled: 0, raw: 1 } },
      context: {
        registration: '5a1c0000-0000-4000-8000-000000000002',
        platform: 'NLJ',
        contextActivities: {
          parent: [{ objectType: 'Activity', id: 'http://nlj.platform/activities/0', definition: {} }],
        },
      },
      timestamp: '2026-03-01T09:59:00Z',
      stored,
      version: '1.0.3',
    });
  });

  it('says nothing of a person that it is about', () => {
    const about = redacted({ body: { ...body, object: person }, stored, agentKey: null }, 'other');
    expect(about).toMatchObject({ object: { objectType: 'Agent' } });
    expect(JSON.stringify(about)).not.toMatch(/secret|Okafor/);
    expect(about).not.toHaveProperty('actor');
  });

  it('names no mailbox and none of the names that the producers send', async () => {
    const examples = await consumedExamples();
    const bodies = examples.flatMap(({ value }) => {
      try {
        return [JSON.parse(value?.toString() ?? '')];
      } catch {
        return [];
      }
    });
    expect(bodies.length).toBeGreaterThan(30);
    for (const example of bodies) {
      if (typeof example !== 'object' || example === null || Array.isArray(example)) continue;
      const text = JSON.stringify(redacted({ body: example, stored, agentKey }, 'other'));
      const named = [...JSON.stringify(example).matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name);
      expect(text).not.toMatch(/mailto:|@/);
      for (const name of named) if (/^[A-Z]\w+ [A-Z]\w+$/.test(name ?? '')) expect(text).not.toContain(`"${name}"`);
    }
  });

  it('has no member but those that are known to be harmless, whatever the statement', () => {
    const members = ['id', 'actor', 'verb', 'object', 'result', 'context', 'timestamp', 'stored', 'version'];
    fc.assert(
      fc.property(completeStatement, (statement) => {
        const left = redacted({ body: JSON.parse(JSON.stringify(statement)), stored, agentKey }, 'other');
        expect(members).toEqual(expect.arrayContaining(Object.keys(left)));
        expect(JSON.stringify(left)).not.toMatch(
          /"(response|extensions|instructor|team|authority|attachments|mbox|description)":/,
        );
      }),
      { numRuns: 200 },
    );
  });
});

it('is whole for the learner himself', () => {
  expect(redacted({ body, stored, agentKey }, 'self')).toEqual({ ...body, stored });
});
