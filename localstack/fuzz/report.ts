import { z } from 'zod';

/** What one run of Schemathesis found, read from its NDJSON report. */
export interface FuzzReport {
  readonly requests: number;
  /** Answers by status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Failed checks of answers that the API gave. */
  readonly findings: readonly Finding[];
  /** Failed checks of what the API did not answer: the gateway's emulation did, or closed the connection. */
  readonly apart: readonly Finding[];
}

export interface Finding {
  /** Method and path, as in the document. */
  readonly operation: string;
  /** The check, such as `response_schema_conformance`. */
  readonly check: string;
  readonly status: number | null;
  readonly detail: string;
  /** Method and URL of the request. */
  readonly request: string;
}

const failure = z.looseObject({ title: z.string().optional(), message: z.string().optional() });
const check = z.looseObject({
  name: z.string(),
  status: z.string(),
  failure_info: z.looseObject({ failure }).optional(),
});
const interaction = z.looseObject({
  request: z.looseObject({ method: z.string(), uri: z.string() }),
  response: z.looseObject({ status_code: z.number(), headers: z.record(z.string(), z.array(z.string())) }).nullish(),
});
const line = z.looseObject({
  ScenarioFinished: z
    .looseObject({
      recorder: z.looseObject({
        label: z.string(),
        // Absent where a scenario sent nothing.
        checks: z.record(z.string(), z.array(check)).default({}),
        interactions: z.record(z.string(), interaction).default({}),
      }),
    })
    .optional(),
  NonFatalError: z.looseObject({ label: z.string().optional() }).optional(),
});

/** A header that every answer of the API has, and none of the emulation's own. */
const ours = 'content-security-policy';

/** How the emulation's server ends a connection whose request it does not take (a line that is too long). */
const closed = /Connection aborted|Remote end closed|Connection reset/;

/** Longest text of a finding. */
const longest = 300;

/** @param lines the report, line by line. */
export function readReport(lines: Iterable<string>): FuzzReport {
  const statuses = new Map<number, number>();
  const findings: Finding[] = [];
  const apart: Finding[] = [];
  let requests = 0;
  for (const text of lines) {
    if (text.trim() === '') continue;
    const { ScenarioFinished: scenario, NonFatalError: error } = line.parse(JSON.parse(text));
    if (error !== undefined) {
      const detail = JSON.stringify(error);
      const finding = {
        operation: error.label ?? '',
        check: 'error',
        status: null,
        detail: short(detail),
        request: '',
      };
      (closed.test(detail) ? apart : findings).push(finding);
    }
    if (scenario === undefined) continue;
    const { label, checks, interactions } = scenario.recorder;
    for (const [id, { request, response }] of Object.entries(interactions)) {
      requests += 1;
      const status = response?.status_code ?? null;
      if (status !== null) statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const isOurs = response?.headers[ours] !== undefined;
      for (const failed of (checks[id] ?? []).filter((one) => one.status === 'failure')) {
        const { title = '', message = '' } = failed.failure_info?.failure ?? {};
        const finding = {
          operation: label,
          check: failed.name,
          status,
          detail: short(`${title}: ${message}`),
          request: short(`${request.method} ${request.uri}`),
        };
        (isOurs ? findings : apart).push(finding);
      }
    }
  }
  return { requests, statuses, findings, apart };
}

function short(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
