import type { Bench } from './bench.ts';
import type { Drill } from './drill.ts';

const topic = 'nlj.activities.reviews';
const group = 'content';
const records = 2;
/** Nothing of this name is in the function's code. */
const noHandler = 'missing.handler';
const noBucket = 'arn:aws:s3:::nlj-no-such-bucket';
const poisonTopic = 'xapi-events';
const poison = 3;
/** Nothing listens there. */
const noStore = 'http://127.0.0.1:9';

/** Drills on records that are refused or given up. */
export const recordDrills: readonly Drill[] = [
  {
    name: 'poison',
    says: 'a producer sends what is no JSON',
    runbook: 'dead-letters-arriving',
    alarms: ['dead-letters-arriving-learning'],
    tells: /undecodable|json-syntax/,
    values: {},
    async open(bench) {
      const since = new Date().toISOString();
      await bench.send(
        Array.from({ length: poison }, () => ({ topic: poisonTopic, key: null, value: Buffer.from('poison') })),
      );
      return {
        did: `${poison} messages sent to ${poisonTopic} that are no JSON`,
        read: () => ({ class: 'undecodable', time: since, reason: 'a drill' }),
        mend: null,
        undo: async () => undefined,
      };
    },
  },
  {
    name: 'bucket-down',
    says: 'a function cannot reach the bucket of dead letters',
    runbook: 'dead-letters-unavailable',
    alarms: ['dead-letters-unavailable'],
    tells: /store is down.*"dead-letters"/,
    values: { group: 'learning' },
    async open(bench) {
      const { destination } = await destinationOf(bench, poisonTopic);
      const { variables } = await bench.changeFunction('learning', { variables: { AWS_ENDPOINT_URL_S3: noStore } });
      await bench.send(
        Array.from({ length: poison }, () => ({ topic: poisonTopic, key: null, value: Buffer.from('poison') })),
      );
      const mend = async () => void (await bench.replaceVariables('learning', variables));
      return {
        did: `the function learning deployed with an address of S3 where nothing is, then ${poison} messages sent to ${poisonTopic} that are no JSON`,
        read: () => ({ bucket: destination.replace('arn:aws:s3:::', '') }),
        mend: { did: 'the version before is deployed', run: mend },
        undo: mend,
      };
    },
  },
  {
    name: 'given-up',
    says: 'a deployment breaks a function, and its mapping gives records up',
    runbook: 'dead-letters-arriving',
    alarms: ['dead-letters-arriving-dead-letters'],
    tells: /exhausted/,
    values: {},
    async open(bench) {
      const { handler } = await bench.changeFunction(group, { handler: noHandler });
      await bench.sendGood(topic, records);
      const mend = async () => void (await bench.changeFunction(group, { handler }));
      return {
        did: `the function ${group} deployed without its handler, then ${records} records sent to ${topic}`,
        read: () => ({ class: 'exhausted' }),
        mend: { did: 'the version before is deployed', run: mend },
        undo: mend,
      };
    },
  },
  {
    name: 'destination-failing',
    says: 'a mapping gives records up and cannot write them to its bucket',
    runbook: 'destination-failing',
    alarms: [`destination-failing-${group}`, `stuck-partition-${topic}`],
    tells: /nlj-no-such-bucket/,
    values: { group, topic },
    async open(bench) {
      const { destination, uuid } = await destinationOf(bench, topic);
      await bench.changeMapping(topic, { destination: noBucket });
      const { handler } = await bench.changeFunction(group, { handler: noHandler });
      await bench.sendGood(topic, records);
      const deployBefore = async () => void (await bench.changeFunction(group, { handler }));
      return {
        did: `the mapping of ${topic} changed to a bucket that is not there, its function broken, ${records} records sent`,
        read: () => ({ bucket: destination.replace('arn:aws:s3:::', ''), uuid, class: 'exhausted' }),
        mend: { did: `the version of ${group} before is deployed`, run: deployBefore },
        async undo() {
          await deployBefore();
          await bench.changeMapping(topic, { destination });
        },
      };
    },
  },
];

async function destinationOf({ mappingOf }: Bench, of: string): Promise<{ destination: string; uuid: string }> {
  const { DestinationConfig, UUID: uuid } = await mappingOf(of);
  return { destination: DestinationConfig?.OnFailure?.Destination ?? '', uuid };
}
