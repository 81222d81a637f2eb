const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/** Fields of a log line: coordinates, counts, durations and names of errors; never a record's key or contents. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A log that adds these fields to every line. */
  with(fields: LogFields): Log;
}

/** A log of one JSON object a line. */
export function createLog(minimum: LogLevel, write: (line: string) => void, base: LogFields = {}): Log {
  const at =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (levels.indexOf(level) >= levels.indexOf(minimum)) {
        write(`${JSON.stringify({ time: new Date().toISOString(), level, message, ...base, ...fields })}\n`);
      }
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (fields) => createLog(minimum, write, { ...base, ...fields }),
  };
}

/** An error's name, code and message: for errors of connections and services, never of a function. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) {
    return { error: typeof error };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return { error: error.name, code, detail: error.message.slice(0, 300) };
}
