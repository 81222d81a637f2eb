import { setTimeout as sleep } from 'node:timers/promises';
import { DisableRuleCommand, EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { localAws } from '../deploy.ts';
import { generateMessages } from '../workload/generator.ts';
import { type Drill, readValue } from './drill.ts';

const topic = 'nlj.activities.reviews';
const records = 20;
const trainingMessages = 200;
/** Nothing listens there. */
const noBroker = '127.0.0.1:9';
/** Kafka keeps the topic for 90 days. */
const longAgoDays = 60;
const daySeconds = 86_400;
/** Until the pollers of a disabled mapping have left their group. */
const leaveMillis = 4_000;

/** Drills on what moves records and announcements. */
export const flowDrills: readonly Drill[] = [
  {
    name: 'consumer-stopped',
    says: 'somebody has disabled a mapping',
    runbook: 'records-waiting',
    alarms: ['records-waiting-content', 'records-waiting'],
    tells: /Disabled.*nlj\.activities\.reviews/,
    values: { group: 'content' },
    async open(bench) {
      await bench.changeMapping(topic, { Enabled: false });
      await sleep(leaveMillis);
      await bench.sendGood(topic, records);
      return {
        did: `the mapping of ${topic} disabled, then ${records} records sent`,
        read: (look) => readValue('uuid', /([0-9a-f-]{36})[^\n]*nlj\.activities\.reviews/, look),
        mend: null,
        undo: () => bench.changeMapping(topic, { Enabled: true }),
      };
    },
  },
  {
    name: 'nearly-lost',
    says: 'nobody has read a topic for half of the time that Kafka keeps it',
    runbook: 'data-about-to-be-lost',
    alarms: ['data-about-to-be-lost-content'],
    tells: /Disabled.*nlj\.activities\.reviews/,
    values: { group: 'content' },
    also: ['records-waiting'],
    async open(bench) {
      await bench.changeMapping(topic, { Enabled: false });
      await sleep(leaveMillis);
      await bench.sendGood(topic, records);
      let waiting = true;
      return {
        did: `the mapping of ${topic} disabled, then ${records} records sent; their age is published as ${longAgoDays} days`,
        async goOn() {
          if (waiting) await bench.watch.tell('data-about-to-be-lost-content', longAgoDays * daySeconds);
        },
        mend: {
          did: 'the mapping is enabled, as records-waiting says',
          async run() {
            waiting = false;
            await bench.changeMapping(topic, { Enabled: true });
          },
        },
        undo: () => bench.changeMapping(topic, { Enabled: true }),
      };
    },
  },
  {
    name: 'outbox-stuck',
    says: 'the relay looks for Kafka where it is not',
    runbook: 'outbox-age',
    alarms: ['outbox-age'],
    tells: /did not take the announcements|nlj\.training\.(outcomes|conflicts)/,
    values: {},
    async open(bench) {
      const { variables } = await bench.changeFunction('relay', { variables: { KAFKA_BOOTSTRAP_SERVERS: noBroker } });
      const seed = Math.floor(Date.now() / 1_000);
      await bench.send([...generateMessages({ seed, count: trainingMessages, groups: ['training'] })]);
      const mend = async () => void (await bench.changeFunction('relay', { variables }));
      return {
        did: `the relay deployed with an address where no broker is, then ${trainingMessages} messages of trainings sent`,
        mend: { did: 'the version before is deployed', run: mend },
        undo: mend,
      };
    },
  },
  {
    name: 'measurements-missing',
    says: 'somebody has disabled the schedule that measures what waits',
    runbook: 'measurements-missing',
    alarms: ['measurements-missing'],
    unwaited: 'it takes 15 minutes without a measurement',
    tells: /Measure.*DISABLED/,
    values: {},
    async open({ description, shell }) {
      const client = new EventBridgeClient({ endpoint: description.endpoints.aws, ...localAws });
      const { Rules = [] } = await client.send(new ListRulesCommand({}));
      const Name = Rules.find((rule) => rule.Name?.includes('Measure'))?.Name ?? '';
      await client.send(new DisableRuleCommand({ Name }));
      client.destroy();
      return {
        did: `the rule ${Name} disabled`,
        read: () => ({ rule: Name }),
        mend: null,
        undo: async () => void (await shell({ language: 'sh' }, `aws events enable-rule --name ${Name}`)),
      };
    },
  },
];
