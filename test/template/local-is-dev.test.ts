import { expect, it } from 'vitest';
import { topicGroups } from '../../lib/catalogue.ts';
import { templatesOf } from './support/synthesize.ts';

/**
 * What the local stage deploys otherwise than dev, each with its reason. The stage's name itself is no difference.
 */
const differences: Readonly<Record<string, string>> = {
  'Alarms….AlarmDescription': 'alarms say their limits, and some are lower',
  'Alarms….Metrics': 'alarms on our own metrics look every ten seconds',
  'Alarms….Period': 'alarms on our own metrics look every ten seconds',
  'Alarms….Threshold': 'ages are lower, so that a test sees an alarm go and come back',
  'Dashboards….DashboardBody': 'headings name the stage, lines show the limits of alarms',
  'KafkaConfiguration.Properties.ServerProperties': 'one broker holds one replica',
  'Provisioning…Environment.Variables.DATABASE_PORT': 'the local engine has a port of its own',
  'Provisioning…Environment.Variables.DATABASE_AUTH': 'the local engine knows no IAM',
  'Provisioning…Environment.Variables.OPENSEARCH_ENDPOINT': 'the local engine has an address of its own',
  'Provisioning…Environment.Variables.OPENSEARCH_AUTH': 'the local engine knows no IAM',
  'Provisioning…Environment.Variables.KAFKA_AUTH': 'the local broker knows no IAM',
  'Provisioning…Environment.Variables.KAFKA_REPLICATION_FACTOR': 'one broker holds one replica',
  'Provisioning…GetSecretValue': 'the password of the owner is read instead of a token signed',
  'group…Environment.Variables.DATABASE_PORT': 'the local engine has a port of its own',
  'group…Environment.Variables.DATABASE_AUTH': 'the local engine knows no IAM',
  'group…Environment.Variables.OPENSEARCH_ENDPOINT': 'the local engine has an address of its own',
  'group…Environment.Variables.OPENSEARCH_AUTH': 'the local engine knows no IAM',
  'operations…Environment.Variables.DATABASE_PORT': 'the local engine has a port of its own',
  'operations…Environment.Variables.DATABASE_AUTH': 'the local engine knows no IAM',
  'operations…Environment.Variables.OPENSEARCH_ENDPOINT': 'the local engine has an address of its own',
  'operations…Environment.Variables.OPENSEARCH_AUTH': 'the local engine knows no IAM',
  'operations…Environment.Variables.KAFKA_AUTH': 'the local broker knows no IAM',
  'operations…Environment.Variables.JWKS_URL': 'tokens come from the development issuer',
  'operations…Environment.Variables.JWT_ISSUER': 'tokens come from the development issuer',
  'operations…GetSecretValue': 'the password of the application is read instead of a token signed',
  'operations…Environment.Variables.DATABASE_TLS': 'the local engine speaks no TLS',
  'group…GetSecretValue': 'the password of the application is read instead of a token signed',
};

it('the local stage deploys what dev deploys but for the listed differences', () => {
  const found = new Set<string>();
  for (const stack of ['stateful', 'pipeline', 'api', 'observability'] as const) {
    const dev = comparable(templatesOf('dev')[stack].toJSON().Resources, 'dev');
    const local = comparable(templatesOf('local')[stack].toJSON().Resources, 'local');
    for (const path of different(dev, local)) found.add(summary(path));
  }
  expect([...found].sort()).toEqual(Object.keys(differences).sort());
});

/** A template without what only repeats the stage's name: hashes of ids, and the name in names. Code is not
 * compared: without bundling its hash is of the whole project. */
function comparable(resources: unknown, name: string): unknown {
  const text = JSON.stringify(resources)
    .replaceAll(new RegExp(`nlj-events-${name}`, 'g'), 'nlj-events-<stage>')
    .replaceAll(new RegExp(`nljevents${name}`, 'g'), 'nljevents<stage>')
    .replaceAll(new RegExp(`nlj-${name}-`, 'g'), 'nlj-<stage>-')
    .replaceAll(new RegExp(`nlj-events/${name}/`, 'g'), 'nlj-events/<stage>/')
    .replaceAll(new RegExp(`"(STAGE|Value|stage)":"${name}"`, 'g'), '"$1":"<stage>"')
    .replaceAll(/((?:CurrentVersion|Deployment)[0-9A-F]{8})[0-9a-f]{32}/g, '$1')
    .replaceAll(/(?<=<stage>\w*)[0-9A-F]{8,}/g, '')
    .replaceAll(/"S3Key":"[0-9a-f]{64}\.zip"/g, '"S3Key":"<code>"');
  return JSON.parse(text);
}

function different(one: unknown, other: unknown, path: readonly string[] = []): string[] {
  if (Object.is(one, other)) return [];
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return [path.join('.')];
  const members = new Map<string, [unknown, unknown]>();
  for (const [key, value] of Object.entries(one)) members.set(key, [value, undefined]);
  for (const [key, value] of Object.entries(other)) members.set(key, [members.get(key)?.[0], value]);
  // A list of another length, or text instead of a list, is one difference.
  if (Array.isArray(one) !== Array.isArray(other) || (Array.isArray(one) && members.size !== one.length)) {
    return [path.join('.')];
  }
  return [...members].flatMap(([key, [left, right]]) => different(left, right, [...path, key]));
}

/** The same difference of all topic groups is one, and so is that of all operations. */
function summary(path: string): string {
  const short = path.replace(/^([A-Za-z]+?)(?:[0-9A-F]{8})?\./, '$1.');
  const watched = /^(Alarms|Dashboards)\w*\.Properties\.(\w+)/.exec(short);
  if (watched !== null) return `${watched[1]}….${watched[2]}`;
  const owner = new RegExp(
    `^(Provisioning|ApiFunction|ExportFunction|DeadLetterOperations|Maintenance|OutboxRelay|ShowFunction|SecretRotation|${groups.join('|')})`,
  ).exec(short)?.[1];
  if (owner === undefined) return short;
  const who = groups.includes(owner) ? 'group' : owner === 'Provisioning' ? owner : 'operations';
  const variable = /Environment\.Variables\.\w+$/.exec(short)?.[0];
  if (variable !== undefined) return `${who}…${variable}`;
  return /Role.*\.Policies\.2\.PolicyDocument\.Statement(\.\d+\.Resource)?$/.test(short)
    ? `${who}…GetSecretValue`
    : short;
}

const groups: readonly string[] = topicGroups.map(({ name }) => name);
