import { parseArgs } from 'node:util';
import { z } from 'zod';

const milliseconds = z.coerce.number().int().min(0);

const optionsSchema = z.object({
  awsEndpoint: z.url(),
  region: z.string().min(1),
  kafka: z.array(z.string().regex(/^[^:\s]+:\d+$/)).min(1),
  statusFile: z.string().min(1).optional(),
  pollMs: milliseconds.min(100),
  topicCheckMs: milliseconds,
  metricsMs: milliseconds.min(1000),
  backoffBaseMs: milliseconds,
  backoffMaxMs: milliseconds,
  sessionTimeoutMs: milliseconds.min(1000),
  graceMs: milliseconds,
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
});

export type Options = z.infer<typeof optionsSchema>;

export const usage = `Usage: node localstack/event-source/main.ts --aws-endpoint URL --kafka HOST:PORT [--kafka HOST:PORT ...]

  --aws-endpoint URL        where the Lambda and S3 APIs are
  --kafka HOST:PORT         a broker; may be repeated
  --region REGION           default us-east-1, or AWS_REGION
  --status-file PATH        counters as JSON, written anew every second
  --poll-ms N               how often the mappings are read; default 2000
  --topic-check-ms N        how often partitions are counted; default 10000
  --metrics-ms N            how often metrics are published; default 5000 (AWS: a minute)
  --backoff-base-ms N       first wait between attempts; default 200 (short, for local use)
  --backoff-max-ms N        longest wait between attempts; default 5000
  --session-timeout-ms N    after which a silent member loses its partitions; default 10000
  --grace-ms N              how long a stop waits for the invocation in flight; default 3000
  --log-level LEVEL         debug, info, warn or error; default info
`;

/** Reads the command line; throws with what is wrong with it. */
export function readOptions(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      'aws-endpoint': { type: 'string' },
      region: { type: 'string', default: env.AWS_REGION ?? 'us-east-1' },
      kafka: { type: 'string', multiple: true },
      'status-file': { type: 'string' },
      'poll-ms': { type: 'string', default: '2000' },
      'topic-check-ms': { type: 'string', default: '10000' },
      'metrics-ms': { type: 'string', default: '5000' },
      'backoff-base-ms': { type: 'string', default: '200' },
      'backoff-max-ms': { type: 'string', default: '5000' },
      'session-timeout-ms': { type: 'string', default: '10000' },
      'grace-ms': { type: 'string', default: '3000' },
      'log-level': { type: 'string', default: 'info' },
    },
  });
  const parsed = optionsSchema.safeParse({
    awsEndpoint: values['aws-endpoint'],
    region: values.region,
    kafka: values.kafka,
    statusFile: values['status-file'],
    pollMs: values['poll-ms'],
    topicCheckMs: values['topic-check-ms'],
    metricsMs: values['metrics-ms'],
    backoffBaseMs: values['backoff-base-ms'],
    backoffMaxMs: values['backoff-max-ms'],
    sessionTimeoutMs: values['session-timeout-ms'],
    graceMs: values['grace-ms'],
    logLevel: values['log-level'],
  });
  if (!parsed.success) {
    throw new Error(z.prettifyError(parsed.error));
  }
  return parsed.data;
}
