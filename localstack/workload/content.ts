import { adl, type Below, extensions, learner, learners, madeUpId, nlj, oneOf } from './made-up.ts';
import type { OutgoingMessage } from './message.ts';

const generations = 60;

/** What the producers say of a generation, and how often. */
const statuses = [
  'requested',
  'requested',
  'started',
  'progressing',
  'progressing',
  'progressing',
  'completed',
  'completed',
  'failed',
] as const;

/** A made-up statement of the content topics, in the shape of one of the producer generations or the canonical one. */
export function contentMessage(id: string, timestamp: string, below: Below): OutgoingMessage {
  const number = below(generations);
  const session = madeUpId('generation', number);
  const base = { id, version: '1.0.3', actor: learner(number % learners), timestamp };
  const object = {
    objectType: 'Activity',
    id: `http://nlj.platform/content-generation-sessions/${session}`,
    definition: {
      name: { 'en-US': `Content Generation Session ${number}` },
      type: 'http://nlj.platform/activities/content-generation',
    },
  };
  const kind = below(12);
  if (kind === 0) {
    const content = madeUpId('content', number);
    return message('nlj.activities.reviews', content, {
      ...base,
      verb: verb(below(2) === 0 ? `${adl}reviewed` : `${nlj}reviewed`, 'reviewed'),
      object: { ...object, id: `http://nlj.platform/content/${content}` },
      context: {
        platform: 'NLJ Platform',
        extensions: extensions({
          review_status: oneOf(['approved', 'rejected', 'needs_revision', 'pending'], below),
          reviewer_comments: 'Made up',
        }),
      },
    });
  }
  if (kind <= 2) {
    const word = kind === 1 ? 'modified' : 'imported';
    return message('nlj.content.generation', session, {
      ...base,
      verb: verb(`${adl}${word}`, word),
      object,
      context: {
        platform: 'NLJ Platform',
        extensions: extensions(
          kind === 1
            ? { modification_type: 'manual_edit', modification_description: 'Made up' }
            : { import_source: 'quiz.xlsx', import_type: 'trivie_excel', imported_items_count: below(40) },
        ),
      },
    });
  }
  const status = oneOf(statuses, below);
  const values = valuesOf(status, number, below);
  // The older producers have one verb for all, and the status in the result; the others have it in the context.
  const older = below(2) === 0;
  return message('nlj.content.generation', session, {
    ...base,
    verb: verb(older ? `${adl}authored` : `${adl}${status === 'progressing' ? 'progressed' : status}`, status),
    object,
    result: { extensions: extensions({ ...(older ? { generation_status: status } : {}), ...values }) },
    context: {
      platform: 'NLJ Platform',
      extensions: extensions(older ? {} : { generation_status: status, session_id: session, session_title: '' }),
    },
  });
}

function valuesOf(status: (typeof statuses)[number], number: number, below: Below): Record<string, unknown> {
  switch (status) {
    case 'requested':
      return {
        prompt: 'Write a quiz from the attached guide',
        content_type: 'scenario',
        source_documents: [madeUpId('document', number)],
      };
    case 'progressing':
      return { progress_percentage: 25 * (1 + below(3)), current_step: 'Generating content' };
    case 'completed':
      return { content_id: madeUpId('content', number), tokens_used: below(9_000), duration_seconds: 10 + below(60) };
    case 'failed':
      return { error_message: 'upstream 529', error_type: 'generation_error', duration_seconds: null };
    default:
      return { estimated_duration: null };
  }
}

function verb(id: string, display: string) {
  return { id, display: { 'en-US': display } };
}

function message(topic: string, key: string, statement: Record<string, unknown>): OutgoingMessage {
  return { topic, key: Buffer.from(key), value: Buffer.from(JSON.stringify(statement)) };
}
