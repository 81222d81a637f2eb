/** A stage that cannot be built. The message is one line: where, which rule, what to do. */
export class StageError extends Error {}
