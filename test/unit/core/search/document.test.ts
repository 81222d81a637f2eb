import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StatementRow } from '../../../../functions/core/ledger/row.ts';
import { documentOf } from '../../../../functions/core/search/document.ts';
import { documentMapping, indexName } from '../../../../functions/core/search/index-template.ts';
import { eventName } from '../../../../functions/core/xapi/index.ts';
import { validated } from '../../../support/entries.ts';

const ext = 'http://nlj.platform/extensions/';
const secret = 'Zebulon Quillfeather';

function row(value: unknown, topic = 'xapi-events'): StatementRow {
  const { statement } = validated(value, { topic });
  return {
    id: statement.id,
    body: statement,
    group: 'learning',
    event: eventName(topic, statement),
    origin: 'producer',
    stored: '2026-11-24T18:00:00.123456Z',
    agentKey: 'v1.key',
    voided: false,
    documentVersion: 1,
  };
}

const answered = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: '5a1c0000-0000-4000-8000-0000000013be',
  timestamp: '2026-03-01T10:00:00Z',
  actor: { name: secret, mbox: 'mailto:zebulon@example.org' },
  verb: { id: 'http://adlnet.gov/expapi/verbs/answered' },
  object: { id: 'http://nlj.platform/content/s/question/q1', definition: { name: { 'en-US': 'Question 1' } } },
  result: { response: '4', score: { raw: 4, min: 1, max: 5 }, duration: 'PT1M30.5S', completion: true },
  context: {
    extensions: {
      [`${ext}parent_survey`]: '5a1c0000-0000-4000-8000-0000000005dd',
      [`${ext}question_id`]: 'q1',
      [`${ext}question_type`]: 'likert_scale',
      [`${ext}department`]: 'Service',
      [`${ext}reviewer_comments`]: secret,
    },
  },
  ...changes,
});

/** The document as the index gets it. */
const sent = (document: unknown) => JSON.parse(JSON.stringify(document));

describe('documentOf', () => {
  it('holds what queries need of a survey answer', () => {
    expect(sent(documentOf(row(answered(), 'nlj.survey.responses')))).toEqual({
      id: '5a1c0000-0000-4000-8000-0000000013be',
      stored: '2026-11-24T18:00:00.123456Z',
      timestamp: '2026-03-01T10:00:00Z',
      group: 'learning',
      event: 'survey.answered',
      origin: 'producer',
      verb: 'http://adlnet.gov/expapi/verbs/answered',
      agent_key: 'v1.key',
      activity_id: 'http://nlj.platform/content/s/question/q1',
      activity_name: 'Question 1',
      completion: true,
      score_raw: 4,
      score_min: 1,
      score_max: 5,
      duration_seconds: 90.5,
      survey_id: '5a1c0000-0000-4000-8000-0000000005dd',
      question_id: 'q1',
      numeric_response: 4,
      demographics: { department: 'Service' },
      learner_number: false,
      voided: false,
      version: 1,
    });
  });

  it('says of which survey a statement is, whatever its verb', () => {
    const { object: about, context } = answered();
    const viewed = { object: about, context, verb: { id: 'http://adlnet.gov/expapi/verbs/experienced' }, result: {} };
    const document = sent(documentOf(row(answered(viewed), 'xapi-events')));
    expect(document).toMatchObject({
      event: 'activity.experienced',
      survey_id: '5a1c0000-0000-4000-8000-0000000005dd',
    });
    expect(document).not.toHaveProperty('demographics');
    expect(document).not.toHaveProperty('question_id');
  });

  it('holds no name, address, answer text or unknown extension, whatever the statement holds', () => {
    const anywhere = fc.record(
      {
        result: fc.constant({ response: secret }),
        object: fc.constantFrom(
          { objectType: 'Agent', name: secret, mbox: 'mailto:zebulon@example.org' },
          { id: 'http://example.org/a', definition: { description: { en: secret } } },
        ),
        context: fc.constant({
          instructor: { name: secret, mbox: 'mailto:zebulon@example.org' },
          extensions: { [`${ext}anything`]: secret, 'http://example.org/x': { deep: [secret] } },
        }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anywhere, fc.constantFrom('xapi-events', 'nlj.survey.responses'), (changes, topic) => {
        const text = JSON.stringify(documentOf(row(answered(changes), topic)));
        expect(text).not.toContain(secret);
        expect(text).not.toContain('zebulon');
      }),
    );
  });

  it('has no member that the strict mapping lacks', () => {
    const document = sent(documentOf(row(answered(), 'nlj.survey.responses')));
    for (const member of Object.keys(document)) expect(Object.keys(documentMapping.properties)).toContain(member);
  });
});

it('lies in the index of its generation and of the month it was stored in', () => {
  expect(indexName(3, '2026-11-24T18:00:00.123456Z')).toBe('xapi-statements-g3-2026.11');
});
