import { setTimeout as sleep } from 'node:timers/promises';
import { openSender } from '../workload/send.ts';
import type { Runner } from './run.ts';
import { identityOf, workloadOf } from './workload.ts';

/** Name under which `--only` finds it. */
export const throughputName = 'poison-throughput';

const count = 6_000;
const rounds = 3;
/** Share of a clean run's throughput that good records must keep with one bad record per hundred. */
const leastRatio = 0.8;

/** What good records' throughput keeps of a clean run's. */
export interface Throughput {
  readonly enough: boolean;
  /** Both figures and their ratio, for people. */
  readonly text: string;
}

/** Sends clean and poisoned workloads by turns, after one that warms up, and compares how fast good records get through. */
export async function measureThroughput(runner: Runner, seed: number): Promise<Throughput> {
  await timed(runner, seed * 1_000 + 900, 'clean');
  const rates = { clean: [] as number[], poisoned: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const shape of ['clean', 'poisoned'] as const) {
      const offset = shape === 'clean' ? 910 : 920;
      rates[shape].push(await timed(runner, seed * 1_000 + offset + round, shape));
    }
  }
  const [clean, poisoned] = [median(rates.clean), median(rates.poisoned)];
  const ratio = poisoned / clean;
  return {
    enough: ratio >= leastRatio,
    text: `${throughputName}: good records per second, clean ${clean.toFixed(0)}, with one bad record per hundred ${poisoned.toFixed(0)}: ${(100 * ratio).toFixed(0)} % (at least ${100 * leastRatio} %); medians of ${rounds} rounds of ${count} records`,
  };
}

/** Fills Kafka while nothing reads, then reads: good records per second until the last one's document is confirmed. */
async function timed({ stage, observer, sent }: Runner, seed: number, shape: 'clean' | 'poisoned'): Promise<number> {
  const { eventSource, description } = stage.environment;
  const workload = workloadOf({ seed, count, shape, idSpace: shape });
  sent.push(workload);
  const good = workload.messages.filter((message) => workload.expected.get(identityOf(message)) === 'stored').length;
  const confirmed = async () => {
    const { rows } = await stage.database.query<{ count: string }>(
      `select count(*) from statement where index_state = 'indexed'`,
    );
    return Number(rows[0]?.count);
  };
  const before = await confirmed();
  const sender = openSender(description.endpoints.kafka);
  eventSource.pause();
  await sender.send(workload.messages);
  await sender.close();
  eventSource.resume();
  const started = performance.now();
  while ((await confirmed()) < before + good) await sleep(50);
  const seconds = (performance.now() - started) / 1_000;
  await observer.settled(60);
  return good / seconds;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}
