/** A rule that a statement breaks. It holds no value of the statement: it may be logged and shown. */
export interface ValidationError {
  /** JSONPath, such as `$.actor.mbox`; keys that may hold anything are cut and masked. */
  readonly path: string;
  /** Stable id, kebab-case (`rules.ts`). */
  readonly rule: string;
  /** The standard's requirement: its number in ADL's conformance requirements, such as `XAPI-00045`, or its section. */
  readonly requirement: string;
  readonly expected: string;
  /** The type found, such as `array` or `absent`; never the value. */
  readonly found: string;
}
