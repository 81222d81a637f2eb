import { type Problem, problemTitles, problemType } from './problem.ts';

/** A response as the gateway takes it. */
export interface Reply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function problemReply({ status, detail, errors, headers }: Problem, requestId: string): Reply {
  return {
    statusCode: status,
    headers: { 'Content-Type': problemType, 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify({
      type: 'about:blank',
      title: problemTitles[status],
      status,
      detail,
      ...(errors === undefined ? {} : { errors }),
      request_id: requestId,
    }),
  };
}

/** JSON that caches of others must not keep: most answers are about people. */
export function jsonReply(statusCode: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...headers },
    body: JSON.stringify(body),
  };
}
