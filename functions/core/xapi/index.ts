/** The xAPI core: upcast → validate → stored form; event names and equality. Pure functions of JSON values. */

export type { Delivery } from './delivery.ts';
export { canonicalHash, comparisonForm, type EqualityOptions, receivedHash } from './equality.ts';
export { type EventName, eventName } from './event-name.ts';
export { isJsonObject, type JsonObject } from './json.ts';
export type { Actor, Agent, Authority, StatementObject, ValidStatement, WireStatement } from './statement.ts';
export { type StoredFormOptions, storedForm } from './stored-form.ts';
export { type IdentityLink, type UpcastInput, type UpcastResult, upcast } from './upcast.ts';
export { upcastTable } from './upcasting/table.ts';
export { type BatchValidation, type Validation, validateBatch, validateStatement } from './validate.ts';
export type { ValidationError } from './validation-error.ts';
export { voidingTarget } from './voiding.ts';
