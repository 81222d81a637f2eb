import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { changesBy } from './support/business-tables.ts';
import { minuteIso, minuteText, openScene, type Scene } from './support/scene.ts';
import { useScenes } from './support/scenes.ts';

/** The example's id of the generation session, of a source document, of the content. */
const ids = { session: '2bd', document: '2c7', content: '321' };

const at = useScenes();

/** The session's row as it is after a request, with what a later event changes. */
const session = (changes: Record<string, unknown>) => ({
  generation_session: [expect.objectContaining({ id: at.scene.id(ids.session), attempt: 1, ...changes })],
  generation_event: [expect.objectContaining({ session_id: at.scene.id(ids.session) })],
});

const asked = 'content.generation.requested (A)';

describe.each(['A', 'B, HEAD'])('of producer generation %s', (dialect) => {
  const example = (event: string) => `content.generation.${event} (${dialect})`;

  it('generation.requested opens the first attempt with prompt and source documents', async () => {
    expect(await at.changesOf(example('requested'))).toEqual(
      session({
        status: 'requested',
        prompt_config: {
          generated_prompt_text: 'Write a 6 question quiz from the attached guide',
          generation_type: 'scenario',
        },
        source_document_ids: [at.scene.id(ids.document)],
        created_at: minuteText(0),
        requested_at: minuteText(0),
        started_at: null,
        completed_at: null,
        progress_percentage: null,
      }),
    );
  });

  it('generation.started moves it to processing', async () => {
    await at.scene.send(asked);
    expect(await at.changesOf(example('started'), { minute: 1 })).toEqual(
      session({ status: 'processing', started_at: minuteText(1), requested_at: minuteText(0) }),
    );
  });

  it('generation.progressed sets percentage and step', async () => {
    await at.scene.send(asked);
    const [percentage, step] =
      dialect === 'A' ? [50, 'Generating content with Claude API...'] : [75, 'Validating generated content...'];
    expect(await at.changesOf(example('progress'), { minute: 2 })).toEqual(
      session({ status: 'processing', progress_percentage: percentage, current_step: step }),
    );
  });

  it('generation.completed ends it with its results', async () => {
    await at.scene.send(asked);
    expect(await at.changesOf(example('completed'), { minute: 3 })).toEqual(
      session({
        status: 'completed',
        completed_at: minuteText(3),
        progress_percentage: 100,
        ...(dialect === 'A'
          ? { generated_content_size: 18_342 }
          : { content_id: at.scene.id(ids.content), duration_seconds: 41, tokens_used: 6_120 }),
      }),
    );
  });

  it('generation.failed ends it with its error; a request after it opens the next attempt', async () => {
    await at.scene.send(asked);
    expect(await at.changesOf(example('failed'), { minute: 3 })).toEqual(
      session({
        status: 'failed',
        completed_at: minuteText(3),
        error_type: 'generation_error',
        error_message: dialect === 'A' ? 'No Claude file IDs found in source documents' : 'upstream 529',
      }),
    );
    expect(await at.changesOf(example('requested'), { minute: 4 })).toEqual(
      session({
        attempt: 2,
        status: 'requested',
        error_type: null,
        error_message: null,
        completed_at: null,
        created_at: minuteText(0),
        requested_at: minuteText(4),
      }),
    );
  });

  it('a terminal event after another one is counted and changes nothing else', async () => {
    await at.scene.send(asked);
    await at.scene.send(example('completed'), { minute: 3 });
    expect(await at.changesOf(example('failed'), { minute: 4 })).toEqual(
      session({ status: 'completed', completed_at: minuteText(3), error_type: null, contradictions: 1 }),
    );
  });
});

describe('of generation A, which alone sends them', () => {
  /** Exactly one row of content_activity. */
  const activity = (kind: string, columns: Record<string, unknown>) => ({
    content_activity: [
      expect.objectContaining({
        kind,
        session_id: at.scene.id(ids.session),
        content_id: null,
        occurred: minuteText(5),
        ...columns,
      }),
    ],
  });

  it('content.modified adds a row', async () => {
    expect(await at.changesOf('content.generation.modified (A)', { minute: 5 })).toEqual(
      activity('modified', { modification_type: 'manual_edit', modification_description: 'Reworded question 3' }),
    );
  });

  it('content.imported adds a row', async () => {
    expect(await at.changesOf('content.generation.imported (A)', { minute: 5 })).toEqual(
      activity('imported', {
        import_source: 'quarterly_quiz.xlsx',
        import_type: 'trivie_excel',
        imported_items_count: 24,
      }),
    );
  });

  it('content.reviewed adds a row', async () => {
    expect(await at.changesOf('content.generation.reviewed (A)', { minute: 5 })).toEqual(
      activity('reviewed', { review_status: expect.any(String), reviewer_comments: expect.any(String) }),
    );
  });
});

describe('in the canonical form', () => {
  const statementOf = (verb: string, object: string, extensions: Record<string, unknown> = {}) => ({
    id: randomUUID(),
    version: '1.0.3',
    timestamp: minuteIso(6),
    actor: { account: { homePage: 'http://nlj.platform', name: randomUUID() } },
    verb: { id: `http://nlj.platform/verbs/${verb}` },
    object: { id: `http://nlj.platform/${object}` },
    context: {
      extensions: Object.fromEntries(
        Object.entries(extensions).map(([name, value]) => [`http://nlj.platform/extensions/${name}`, value]),
      ),
    },
  });
  const sent = (topic: string, value: unknown) =>
    changesBy(at.run.pool, async () => {
      await at.run.sender.send([{ topic, key: null, value: Buffer.from(JSON.stringify(value)) }]);
      expect((await at.run.settled()).complete).toBe(true);
    });

  it('generation.cancelled ends it', async () => {
    await at.scene.send(asked);
    const object = `content-generation-sessions/${at.scene.id(ids.session)}`;
    expect(await sent('nlj.content.generation', statementOf('generation-cancelled', object))).toEqual(
      session({ status: 'cancelled', completed_at: minuteText(6) }),
    );
  });

  it('content.reviewed of an activity adds a row of that content', async () => {
    const content = randomUUID();
    const statement = statementOf('reviewed', `content/${content}`, { review_status: 'approved' });
    expect(await sent('nlj.activities.reviews', statement)).toEqual({
      content_activity: [
        expect.objectContaining({
          statement_id: statement.id,
          kind: 'reviewed',
          session_id: null,
          content_id: content,
          review_status: 'approved',
        }),
      ],
    });
  });

  it('a verb that the topic does not list is stored as unrecognised and changes no business table', async () => {
    const statement = statementOf('archived', `content/${randomUUID()}`);
    expect(await sent('nlj.activities.reviews', statement)).toEqual({});
    const { rows } = await at.run.pool.query('select event from statement where id = $1', [statement.id]);
    expect(rows).toEqual([{ event: 'unrecognised' }]);
  });

  it('an event of no generation session is a dead letter by rule', async () => {
    expect(await sent('nlj.content.generation', statementOf('generation-started', 'content/7'))).toEqual({});
    const { rows } = await at.run.pool.query(
      `select class, errors->0->>'rule' as rule from dead_letter where topic = 'nlj.content.generation' order by last_seen desc limit 1`,
    );
    expect(rows).toEqual([{ class: 'rule', rule: 'generation-session-id' }]);
  });
});

it('the events of a generation in any order, twice, end as in theirs', async () => {
  const history = (of: Scene) => [
    of.message(asked, { minute: 0 }),
    of.message('content.generation.started (B, HEAD)', { minute: 1 }),
    of.message('content.generation.progress (A)', { minute: 2 }),
    of.message('content.generation.failed (B, HEAD)', { minute: 3 }),
    of.message('content.generation.requested (B, HEAD)', { minute: 4 }),
    of.message('content.generation.progress (B, HEAD)', { minute: 5 }),
    of.message('content.generation.completed (B, HEAD)', { minute: 6 }),
  ];
  const other = await openScene(at.run);
  const backwards = history(other).reverse();
  await at.run.sender.send([...history(at.scene), ...backwards, ...backwards]);
  expect((await at.run.settled()).complete).toBe(true);
  const state = async (id: string) => {
    const { rows } = await at.run.pool.query(
      `select attempt, status, progress_percentage, current_step, started_at, completed_at, tokens_used, contradictions
         from generation_session where id = $1`,
      [id],
    );
    return rows;
  };
  const inOrder = await state(at.scene.id(ids.session));
  expect(inOrder).toMatchObject([{ attempt: 2, status: 'completed', tokens_used: '6120', contradictions: 0 }]);
  expect(await state(other.id(ids.session))).toEqual(inOrder);
});
