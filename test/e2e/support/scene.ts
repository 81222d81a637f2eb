import { randomUUID } from 'node:crypto';
import { consumedExamples } from '../../../localstack/workload/examples.ts';
import type { Run } from './run.ts';

const uuidPattern = /5a1c0000-0000-4000-8000-[0-9a-f]{12}/g;

/** What a test writes over a part of an example. */
export interface Adaptation {
  /** Statement time, minutes after the scene's beginning. */
  readonly minute?: number;
  /** Extensions by their bare names, in the context. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** Another person instead of the example's actor. */
  readonly actor?: string;
  /** Members of the statement instead of the example's. */
  readonly statement?: Readonly<Record<string, unknown>>;
  /** Other ids for some of the example's. */
  readonly ids?: Readonly<Record<string, string>>;
}

/** Before the examples' session. */
const beginning = Date.UTC(2025, 7, 14, 10);

/** The time of a minute, as statements have it. */
export function minuteIso(minute: number): string {
  return new Date(beginning + minute * 60_000).toISOString();
}

/** The time of a minute, as PostgreSQL's JSON has it. */
export function minuteText(minute: number): string {
  return `${minuteIso(minute).slice(0, 19)}+00:00`;
}

/**
 * The producers' examples on ids of their own: each scene maps an example's ids to fresh ones, the same for all its messages, so
 * that scenes do not meet.
 */
export async function openScene(run: Run) {
  const examples = await consumedExamples();
  const ids = new Map<string, string>();
  /** Sessions of different scenes must not clash. */
  const place = `Depot ${randomUUID()}`;
  /** The scene's id for the last digits of an example's id. */
  const id = (digits: string): string => {
    const fresh = ids.get(digits) ?? randomUUID();
    ids.set(digits, fresh);
    return fresh;
  };
  const message = (
    name: string,
    { minute = 0, extensions = {}, actor, statement: members = {}, ids: others = {} }: Adaptation = {},
  ) => {
    const example = examples.find((candidate) => candidate.name === name);
    if (example === undefined) throw new Error(`There is no example ${name}`);
    const renewed = (text: string) =>
      text.replaceAll('Depot 4', place).replaceAll(uuidPattern, (known) => {
        const digits = known.slice(-3);
        return others[digits] ?? id(digits);
      });
    const statement = JSON.parse(renewed(example.value?.toString() ?? ''));
    statement.id = randomUUID();
    statement.timestamp = minuteIso(minute);
    Object.assign(statement, members);
    if (actor !== undefined) {
      statement.actor = {
        objectType: 'Agent',
        name: 'Somebody Else',
        account: { homePage: 'http://nlj.platform', name: actor },
      };
    }
    statement.context ??= {};
    statement.context.extensions = {
      ...statement.context.extensions,
      ...Object.fromEntries(
        Object.entries(extensions).map(([key, value]) => [`http://nlj.platform/extensions/${key}`, value]),
      ),
    };
    return {
      id: String(statement.id),
      topic: example.topic,
      key: example.key === null ? null : Buffer.from(renewed(example.key.toString())),
      value: Buffer.from(JSON.stringify(statement)),
    };
  };
  return {
    id,
    place,
    message,
    /** Sends an example and waits until it is accounted for. Returns the statement's id. */
    async send(name: string, adaptation?: Adaptation): Promise<string> {
      const sent = message(name, adaptation);
      await run.sender.send([sent]);
      const table = await run.settled();
      if (!table.complete) throw new Error(`Not every message is accounted for: ${JSON.stringify(table)}`);
      return sent.id;
    },
  };
}

export type Scene = Awaited<ReturnType<typeof openScene>>;
