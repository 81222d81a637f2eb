import {
  type Authority,
  type EventName,
  eventName,
  isJsonObject,
  storedForm,
  upcast,
  type ValidationError,
  validateBatch,
  validateStatement,
} from '../../functions/core/xapi/index.ts';
import { decode } from './decode.ts';
import type { Line } from './lines.ts';

/** What `--upcast` did to a statement. */
export interface Upcasting {
  /** Names of the rules that fired. */
  readonly rules: readonly string[];
  /** The event that the statement is on the topic; absent where it is invalid. */
  readonly event?: EventName;
}

/** What the command says of a line. */
export interface Verdict {
  readonly valid: boolean;
  readonly errors: readonly ValidationError[];
  /** With `--upcast`: one per statement of the line. */
  readonly upcast?: readonly Upcasting[];
  /** Whether the line is an array. */
  readonly isBatch: boolean;
}

/** Any authority: an event's name does not depend on it. */
const authority: Authority = { account: { homePage: 'http://nlj.platform', name: 'system' } };

/** The verdict on a line, upcast first if a topic is given. `number` counts lines from 0. */
export function verdictOn(line: Line, number: number, topic?: string): Verdict {
  const decoded = decode(line);
  if (!decoded.ok) return { valid: false, errors: [decoded.error], isBatch: false };
  const { value } = decoded;
  const isBatch = Array.isArray(value);
  if (topic === undefined) return { ...(isBatch ? validateAll(value) : validateOne(value)), isBatch };
  const fired: (readonly string[])[] = [];
  const upcastNext = (one: unknown): unknown => {
    const { statement, rules } = upcastOne(one, topic, number, fired.length);
    fired.push(rules);
    return statement;
  };
  const { valid, errors, statements } = isBatch ? validateAll(each(value, upcastNext)) : validateOne(upcastNext(value));
  const upcasting = fired.map((rules, position): Upcasting => {
    const statement = statements[position];
    return valid && statement !== undefined
      ? { rules, event: eventName(topic, storedForm(statement, { authority })) }
      : { rules };
  });
  return { valid, errors, isBatch, upcast: upcasting };
}

function validateOne(value: unknown) {
  const outcome = validateStatement(value);
  return outcome.ok
    ? { valid: true, errors: [], statements: [outcome.statement] }
    : { valid: false, errors: outcome.errors, statements: [] };
}

function validateAll(values: Iterable<unknown>) {
  const outcome = validateBatch(values);
  return outcome.ok
    ? { valid: true, errors: [], statements: outcome.statements }
    : { valid: false, errors: outcome.errors, statements: [] };
}

/** One by one: validation of a batch stops early where too much is wrong. */
function* each(values: readonly unknown[], change: (value: unknown) => unknown): Generator<unknown> {
  for (const value of values) yield change(value);
}

/** No record is behind a line; its place in the input stands for the place in Kafka that missing ids are made of. */
function upcastOne(value: unknown, topic: string, line: number, position: number) {
  if (!isJsonObject(value)) return { statement: value, rules: [] };
  const record = { cluster: 'validate', topic, partition: position, offset: line, timestamp: 0 };
  return upcast({ value, topic, record });
}
