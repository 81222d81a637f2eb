import type { ValidStatement } from './statement.ts';

/** STUB, being written. */
export type EventName = string;

/** STUB, being written. */
export function eventName(_topic: string, _statement: ValidStatement): EventName {
  return 'unrecognised';
}
