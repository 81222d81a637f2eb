import type { Drill } from './drill.ts';

const topic = 'nlj.activities.reviews';
const group = 'content';
const records = 2;
/** Nothing of this name is in the function's code. */
const noHandler = 'missing.handler';
const noBucket = 'arn:aws:s3:::nlj-no-such-bucket';
const poisonTopic = 'xapi-events';
const poison = 3;

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
      const { DestinationConfig, UUID } = await bench.mappingOf(topic);
      const destination = DestinationConfig?.OnFailure?.Destination ?? '';
      await bench.changeMapping(topic, { destination: noBucket });
      const { handler } = await bench.changeFunction(group, { handler: noHandler });
      await bench.sendGood(topic, records);
      const deployBefore = async () => void (await bench.changeFunction(group, { handler }));
      return {
        did: `the mapping of ${topic} changed to a bucket that is not there, its function broken, ${records} records sent`,
        read: () => ({ bucket: destination.replace('arn:aws:s3:::', ''), uuid: UUID, class: 'exhausted' }),
        mend: { did: `the version of ${group} before is deployed`, run: deployBefore },
        async undo() {
          await deployBefore();
          await bench.changeMapping(topic, { destination });
        },
      };
    },
  },
];
