import { setTimeout as sleep } from 'node:timers/promises';
import { S3Client } from '@aws-sdk/client-s3';
import { Admin } from '@platformatic/kafka';
import { readOffsets } from '../audit/accounting.ts';
import { type Check, checkRecords, type Expectation } from '../audit/check.ts';
import { type KafkaRecord, type Offsets, readRecords } from '../audit/kafka-records.ts';
import { checkWhole, sound, type Whole, worsened } from '../audit/whole.ts';
import { localAws } from '../deploy.ts';
import type { Stage } from './stage.ts';

/** Looks at the system from outside, past every proxy. */
export interface Observer {
  /** Where the partitions end now. */
  ends(): Promise<Offsets>;
  /** Waits until the groups have committed all that is in Kafka: null, or what is left after the time. */
  settled(seconds: number): Promise<string | null>;
  /** Reads Kafka from offsets on and holds every record against the stores, and the stores against what they were at the last check. */
  check(from: Offsets, expectation: (record: KafkaRecord) => Expectation): Promise<Check>;
  /** The same of all records from Kafka's start, and the stores against what they must be. */
  checkEverything(expectation: (record: KafkaRecord) => Expectation): Promise<Check>;
  close(): void;
}

/** How long a given-up batch may take to get its dead letters by the bucket's event. */
const admissionSeconds = 30;

export function openObserver({ environment, database, search }: Stage): Observer {
  const { endpoints, stage, cluster } = environment.description;
  const s3 = new S3Client({ endpoint: endpoints.aws, forcePathStyle: true, ...localAws });

  /** With a client of its own: one that lived through a broker's end may hold on to dead connections. */
  async function offsets(): Promise<{ readonly committed: Offsets; readonly ends: Offsets }> {
    for (let failures = 0; ; failures += 1) {
      const admin = new Admin({
        clientId: 'nlj-faults',
        bootstrapBrokers: [endpoints.kafka],
        retries: 0,
        timeout: 5_000,
      });
      try {
        return await readOffsets(admin, stage);
      } catch (error) {
        if (failures > 40) throw error;
        await sleep(500);
      } finally {
        await admin.close();
      }
    }
  }

  async function checkOnce(from: Offsets, expectation: (record: KafkaRecord) => Expectation): Promise<Check> {
    const records = await readRecords(endpoints.kafka, from, (await offsets()).ends);
    return checkRecords({ cluster, pool: database, search, s3 }, records, expectation);
  }

  /** Waits for what a mapping gave up, which the bucket's event brings in. */
  async function checkPatiently(from: Offsets, expectation: (record: KafkaRecord) => Expectation): Promise<Check> {
    const deadline = Date.now() + admissionSeconds * 1_000;
    for (;;) {
      const check = await checkOnce(from, expectation);
      if (check.lost === 0 || Date.now() > deadline) return check;
      await sleep(2_000);
    }
  }

  let last: Whole = sound;
  async function checkAll(
    from: Offsets,
    before: Whole,
    expectation: (record: KafkaRecord) => Expectation,
  ): Promise<Check> {
    const check = await checkPatiently(from, expectation);
    last = await checkWhole({ pool: database, search });
    const { doubleCounted, violations } = worsened(before, last);
    return {
      ...check,
      doubleCounted: check.doubleCounted + doubleCounted,
      violations: [...check.violations, ...violations],
    };
  }

  return {
    ends: async () => (await offsets()).ends,
    async settled(seconds) {
      const deadline = Date.now() + seconds * 1_000;
      for (;;) {
        const { committed, ends } = await offsets();
        const behind = [...ends].filter(([place, end]) => (committed.get(place) ?? 0) < end);
        if (behind.length === 0) return null;
        if (Date.now() > deadline) {
          return `not settled after ${seconds} s: ${behind.map(([place, end]) => `${place} ${committed.get(place) ?? 0} of ${end}`).join(', ')}`;
        }
        await sleep(100);
      }
    },
    check: (from, expectation) => checkAll(from, last, expectation),
    checkEverything: (expectation) => checkAll(new Map(), sound, expectation),
    close: () => s3.destroy(),
  };
}
