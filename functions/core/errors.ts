/**
 * A store did not do its work for a reason that passes: down, throttled, deadlocked. The records come again.
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
}

/**
 * A store refuses for a reason that only people can mend: credentials, a missing table or index. Thrown out of the
 * function: the whole batch comes again, and an alarm tells.
 */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
