import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../localstack/workload/message.ts';
import { statement } from '../support/statement.ts';
import { batchLines } from './support/function-logs.ts';
import { withEventSourceHeld } from './support/processes.ts';
import { openRun, type Run } from './support/run.ts';

const topic = 'xapi-events';
const partition = 4;
const score = (scaled: unknown) => ({ result: { score: { scaled } } });
const person = (name: string) => ({
  actor: { objectType: 'Agent', name, account: { homePage: 'http://nlj.platform', name: randomUUID() } },
});
const extensionKeys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, number) => [`http://example.org/key/${number}`, number]));

interface Case {
  readonly name: string;
  readonly value: Buffer | null;
  readonly key?: Buffer;
  /** Rule of the dead letter; absent: the message is accepted or a duplicate. */
  readonly rule?: string;
}

/** JSON text, since JSON.stringify would neither write a lone surrogate raw nor 1e400. */
const text = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('one batch with 100 good messages and all that is odd on the wire', () => {
  let run: Run;
  let firstOffset = 0;
  let cases: Case[] = [];
  const repeated = statement();
  const copied = statement();

  beforeAll(async () => {
    run = await openRun();
    const good = Array.from({ length: 100 }, (): Case => ({ name: 'good', value: text(statement()) }));
    const same = text(repeated);
    cases = [
      ...good.slice(0, 50),
      ...Array.from({ length: 10 }, (): Case => ({ name: 'the same message', value: same })),
      ...Array.from(
        { length: 10 },
        (_, number): Case => ({
          name: 'the same statement, other notation',
          value: text({
            ...copied,
            timestamp: `2026-03-01T1${number % 2}:00:00.000+0${number % 2}:00`,
            stored: `2026-03-01T11:00:0${number}Z`,
          }),
        }),
      ),
      { name: 'tombstone', value: null, rule: 'tombstone' },
      { name: 'empty value', value: Buffer.alloc(0), rule: 'empty-value' },
      { name: '0xFF bytes', value: Buffer.from([0xff, 0xff, 0xff]), rule: 'encoding' },
      { name: 'JSON array', value: text([statement()]), rule: 'json-array' },
      { name: 'binary key', value: text(statement()), key: Buffer.from([0x00, 0xff, 0x80, 0x0a]) },
      { name: 'U+0000 in a name', value: text(statement(person('nul\u0000nul'))) },
      { name: 'lone surrogate in a name', value: text(statement(person('lone \ud800 surrogate'))) },
      {
        name: '1e400 as a score',
        value: Buffer.from(JSON.stringify(statement(score('BIG'))).replace('"BIG"', '1e400')),
        rule: 'finite-number',
      },
      { name: '900 KB', value: text(statement({ result: { response: 'x'.repeat(900_000) } })) },
      { name: '3,000 extension keys', value: text(statement({ context: { extensions: extensionKeys(3_000) } })) },
      ...good.slice(50),
    ];
    // Held back, so that all of it waits in one partition and comes in one batch.
    await withEventSourceHeld(run.environment, async () => {
      firstOffset = await run.endOffset(topic, partition);
      await run.sender.send(
        cases.map(({ value, key }): OutgoingMessage => ({ topic, partition, key: key ?? null, value })),
      );
    });
    await run.settled();
  });
  afterAll(() => run.close());

  it('came as one batch', async () => {
    const range = `${firstOffset}-${firstOffset + cases.length - 1}`;
    const lines = (await batchLines(run.environment, 'learning')).filter(
      (line) => line.offsets[`${topic}-${partition}`] === range,
    );
    expect(lines).toHaveLength(1);
  });

  it('stores what is valid once', async () => {
    const valid = cases
      .filter(({ rule }) => rule === undefined)
      .map(({ value }) => JSON.parse(value?.toString() ?? ''));
    const ids = [...new Set(valid.map(({ id }) => String(id)))];
    const { rows } = await run.pool.query('select id, body from statement where id = any($1)', [ids]);
    expect(rows).toHaveLength(ids.length);
    expect((await run.indexed(ids)).sort()).toEqual(ids.sort());
  });

  it('keeps U+0000 and lone surrogates in the body', async () => {
    for (const { name, value } of cases.filter((entry) => / in a name$/.test(entry.name))) {
      const sent = JSON.parse(value?.toString() ?? '');
      const { rows } = await run.pool.query<{ body: string }>(
        'select body::text as body from statement where id = $1',
        [sent.id],
      );
      expect(JSON.parse(rows[0]?.body ?? '{}').actor.name, name).toBe(sent.actor.name);
    }
  });

  it('makes every bad one a dead letter with its reason and its original bytes, at the first attempt', async () => {
    for (const [position, { name, value, rule }] of cases.entries()) {
      const letter = await run.deadLetter(topic, partition, firstOffset + position);
      if (rule === undefined) {
        expect(letter, name).toBeNull();
        continue;
      }
      expect(
        letter?.errors.map((error) => error.rule),
        name,
      ).toContain(rule);
      expect(letter?.envelope.value, name).toBe(value?.toString('base64') ?? null);
      expect(letter?.attempts, name).toBe(1);
    }
  });
});
