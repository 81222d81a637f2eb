import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generationKinds } from '../../functions/content/generation.ts';
import { contentProjection } from '../../functions/content/projection.ts';
import { writeChunk } from '../../functions/core/ledger/write.ts';
import { entry } from '../support/entries.ts';
import { statement } from '../support/statement.ts';
import { type Database, openDatabase } from './support/database.ts';

const ext = 'http://nlj.platform/extensions/';
const sessions = [randomUUID(), randomUUID(), randomUUID()];
const contentKinds = ['modified', 'imported', 'reviewed'] as const;

interface Event {
  readonly kind: (typeof generationKinds)[number] | (typeof contentKinds)[number];
  readonly session: number;
  readonly minute: number;
  readonly value: number;
}

const event = fc.record<Event>({
  kind: fc.constantFrom(...generationKinds, ...contentKinds),
  session: fc.nat(sessions.length - 1),
  // Few minutes, so that some events share their time.
  minute: fc.nat(8),
  value: fc.integer({ min: 0, max: 100 }),
});

function message({ kind, session, minute, value }: Event) {
  const isContent = contentKinds.some((word) => word === kind);
  return statement({
    timestamp: `2026-03-01T10:0${minute}:00.000001Z`,
    verb: { id: `http://nlj.platform/verbs/${isContent ? '' : 'generation-'}${kind}` },
    object: { id: `http://nlj.platform/content-generation-sessions/${sessions[session]}` },
    context: {
      extensions: {
        [`${ext}prompt_config`]: { generated_prompt_text: `\u0000 ${value}` },
        [`${ext}source_document_ids`]: [randomUUID()],
        [`${ext}progress_percentage`]: value,
        [`${ext}current_step`]: `step ${value}`,
        [`${ext}error_message`]: `\u0000 ${value}`,
        [`${ext}tokens_used`]: value,
        [`${ext}modification_type`]: 'manual_edit',
        [`${ext}review_status`]: 'approved',
      },
    },
  });
}

const topic = { topic: 'nlj.content.generation' };
let database: Database;
beforeAll(async () => {
  database = await openDatabase(6);
});
afterAll(() => database.close());

async function tables() {
  const read = async (table: string, key: string) =>
    (await database.pool.query(`select * from ${table} order by ${key}`)).rows;
  return {
    sessions: await read('generation_session', 'id'),
    events: await read('generation_event', 'statement_id'),
    activities: await read('content_activity', 'statement_id'),
  };
}

const clean = () => database.pool.query('truncate statement, generation_session, generation_event, content_activity');

type Message = ReturnType<typeof message>;

async function deliver(messages: readonly Message[], size: number): Promise<void> {
  for (let from = 0; from < messages.length; from += size) {
    await writeChunk(
      database.ledger([contentProjection]),
      messages.slice(from, from + size).map((value) => entry(value, topic)),
    );
  }
}

describe('content tables on PostgreSQL', () => {
  it('end the same in whatever order, batches and repetitions, from several functions at once', async () => {
    const history = fc.array(event, { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        history,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 3, maxLength: 3 }),
        fc.infiniteStream(fc.nat()),
        async (events, sizes, random) => {
          const messages = events.map(message);
          await clean();
          await deliver(messages, messages.length);
          const expected = await tables();
          await clean();
          const arrival = () => random.next().value ?? 0;
          const shuffled = [...messages, ...messages.slice(0, 5)]
            .map((value) => ({ value, arrival: arrival() }))
            .sort((left, right) => left.arrival - right.arrival)
            .map(({ value }) => value);
          // Each function has a part of the stream and all have some of it in common.
          const parts = sizes.map((_, index) => shuffled.filter((_message, at) => at % 3 === index || at % 5 === 0));
          await Promise.all(parts.map((part, index) => deliver(part, sizes[index] ?? 1)));
          expect(await tables()).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a generation and what was done to its content', async () => {
    await clean();
    const user = randomUUID();
    const session = randomUUID();
    const content = randomUUID();
    const send = (
      verb: string,
      minute: number,
      extensions: Record<string, unknown>,
      collection = 'content-generation-sessions',
      id = session,
    ) =>
      statement({
        actor: { account: { homePage: 'http://nlj.platform', name: user } },
        timestamp: `2026-03-01T10:0${minute}:00.123456Z`,
        verb: { id: `http://nlj.platform/verbs/${verb}` },
        object: { id: `http://nlj.platform/${collection}/${id.toUpperCase()}` },
        context: {
          extensions: Object.fromEntries(Object.entries(extensions).map(([name, value]) => [ext + name, value])),
        },
      });
    await deliver(
      [
        send('generation-completed', 3, { content_id: content, tokens_used: 6_120, duration_seconds: 41.5 }),
        send('generation-requested', 0, {
          prompt_config: { generation_type: 'quiz' },
          source_document_ids: ['d1', 'd2'],
        }),
        send('generation-started', 1, {}),
        send('imported', 4, { import_source: 'quiz.xlsx', import_type: 'trivie_excel', imported_items_count: 24 }),
        send('reviewed', 5, { review_status: 'needs_revision', reviewer_comments: 'Shorter' }, 'content', content),
      ],
      2,
    );
    const { sessions: rows, activities } = await tables();
    const { rows: agents } = await database.pool.query('select agent_key from agent where user_id = $1', [user]);
    expect(rows).toMatchObject([
      {
        id: session,
        attempt: 1,
        status: 'completed',
        prompt_config: { generation_type: 'quiz' },
        source_document_ids: ['d1', 'd2'],
        progress_percentage: 100,
        content_id: content,
        tokens_used: '6120',
        duration_seconds: 41.5,
        agent_key: agents[0]?.agent_key,
        created_at: new Date('2026-03-01T10:00:00.123Z'),
        started_at: new Date('2026-03-01T10:01:00.123Z'),
        completed_at: new Date('2026-03-01T10:03:00.123Z'),
      },
    ]);
    expect(activities).toHaveLength(2);
    expect(activities).toContainEqual(
      expect.objectContaining({
        kind: 'imported',
        session_id: session,
        content_id: null,
        import_source: 'quiz.xlsx',
        import_type: 'trivie_excel',
        imported_items_count: '24',
      }),
    );
    expect(activities).toContainEqual(
      expect.objectContaining({
        kind: 'reviewed',
        session_id: null,
        content_id: content,
        review_status: 'needs_revision',
        reviewer_comments: 'Shorter',
      }),
    );
  });

  it('follow a person to another agent key, and keep nothing that an erased person wrote', async () => {
    await clean();
    const messages = (['requested', 'failed', 'reviewed', 'modified'] as const).map((kind, minute) =>
      message({ kind, session: 0, minute, value: 7 }),
    );
    await deliver(messages, 4);
    const ids = messages.map(({ id }) => id);
    const key = async (id: string | undefined) =>
      (await database.pool.query('select agent_key from statement where id = $1', [id])).rows[0]?.agent_key;
    const before = await Promise.all(ids.map(key));
    await database.pool.query(`update statement set agent_key = 'v1.joined' where id = any($1)`, [[ids[0], ids[2]]]);
    await database.pool.query(
      `update statement set erased_at = now(), body = null, canonical_hash = null, received_hash = null, delivery = null,
                            agent_key = null, index_state = 'erased' where id = any($1)`,
      [[ids[1], ids[3]]],
    );
    const client = await database.pool.connect();
    await contentProjection.rederive?.(client, before);
    client.release();
    const { sessions: rows, activities } = await tables();
    expect(rows).toMatchObject([{ status: 'failed', agent_key: 'v1.joined', error_message: null }]);
    expect(activities.map(({ kind, agent_key }) => [kind, agent_key]).sort()).toEqual([
      ['modified', null],
      ['reviewed', 'v1.joined'],
    ]);
  });

  it('takes as many SQL statements for one event as for three hundred', async () => {
    await clean();
    const counted = async (count: number) => {
      const messages = Array.from({ length: count }, (_, number) =>
        message({ kind: number % 2 === 0 ? 'progressed' : 'modified', session: number % 3, minute: 1, value: 1 }),
      );
      let statements = 0;
      await writeChunk(
        database.ledger([
          {
            apply: (client, accepted) =>
              contentProjection.apply(
                new Proxy(client, {
                  get(target, name) {
                    if (name === 'query') statements += 1;
                    const value: unknown = Reflect.get(target, name);
                    return typeof value === 'function' ? value.bind(target) : value;
                  },
                }),
                accepted,
              ),
          },
        ]),
        messages.map((value) => entry(value, topic)),
      );
      return statements;
    };
    expect(await counted(2)).toBe(6);
    expect(await counted(300)).toBe(6);
  });
});
