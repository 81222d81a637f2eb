import type { TopicShape } from './group-member.ts';
import { errorFields, type Log } from './log.ts';
import { type Mapping, pollerCount, readMapping } from './mapping.ts';
import type { Poller } from './poller.ts';
import { pause } from './signal.ts';
import { createCounters, type MappingCounters } from './status.ts';

export interface SupervisorOptions {
  /** All deployed mappings, as the Lambda API lists them. */
  readonly listMappings: () => Promise<readonly unknown[]>;
  /** Undefined when one of the topics is not there. */
  readonly describeTopics: (topics: readonly string[]) => Promise<readonly TopicShape[] | undefined>;
  readonly startPoller: (mapping: Mapping, index: number, counters: MappingCounters) => Poller;
  readonly pollMs: number;
  readonly topicCheckMs: number;
  readonly log: Log;
}

export interface Supervisor {
  counters(): readonly MappingCounters[];
  /** Mappings whose pollers are at work. */
  mappings(): readonly Mapping[];
  stop(): Promise<void>;
}

interface Running {
  readonly fingerprint: string;
  readonly mapping: Mapping;
  readonly pollers: readonly Poller[];
}

/**
 * Keeps the pollers as the deployed mappings say. A changed mapping, or a topic with other partitions, gets new
 * pollers; while the Lambda API cannot be reached, everything stays as it is.
 */
export function startSupervisor(options: SupervisorOptions): Supervisor {
  const { log } = options;
  const stopping = new AbortController();
  const running = new Map<string, Running>();
  const counters = new Map<string, MappingCounters>();
  const shapes = new Map<string, { readonly at: number; readonly shape: readonly TopicShape[] | undefined }>();
  const said = new Map<string, string>();
  const loop = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await reconcile(await options.listMappings());
        once('api', 'reachable', () => log.info('mappings are read'));
      } catch (error) {
        once('api', 'unreachable', () => log.warn('mappings cannot be read', errorFields(error)));
      }
      await pause(options.pollMs, stopping.signal);
    }
    await Promise.all([...running.keys()].map(stopMapping));
  }

  async function reconcile(entries: readonly unknown[]): Promise<void> {
    const wanted = new Map<string, Mapping>();
    for (const entry of entries) {
      const reading = readMapping(entry);
      if (reading.kind === 'active') {
        wanted.set(reading.mapping.uuid, reading.mapping);
      } else if (reading.kind === 'refused') {
        once(reading.uuid, reading.reason, () => log.error('mapping refused', reading));
      }
    }
    await Promise.all([...running.keys()].filter((uuid) => !wanted.has(uuid)).map(stopMapping));
    await Promise.all([...wanted.values()].map(follow));
  }

  async function follow(mapping: Mapping): Promise<void> {
    const shape = await shapeOf(mapping);
    if (shape === undefined) {
      once(mapping.uuid, 'no topic', () =>
        log.warn('topic is not there yet', { uuid: mapping.uuid, topics: mapping.topics }),
      );
      return;
    }
    const fingerprint = JSON.stringify([mapping, shape]);
    if (running.get(mapping.uuid)?.fingerprint === fingerprint || stopping.signal.aborted) {
      return;
    }
    await stopMapping(mapping.uuid);
    said.delete(mapping.uuid);
    const count = pollerCount(
      mapping,
      shape.reduce((sum, { partitions }) => sum + partitions, 0),
    );
    const own = counters.get(mapping.uuid) ?? createCounters(mapping);
    own.pollers = count;
    counters.set(mapping.uuid, own);
    const pollers = Array.from({ length: count }, (_, index) => options.startPoller(mapping, index, own));
    running.set(mapping.uuid, { fingerprint, mapping, pollers });
    log.info('mapping started', {
      uuid: mapping.uuid,
      topics: mapping.topics,
      group: mapping.consumerGroupId,
      pollers: count,
    });
  }

  /** Looks the topics up now and then; what could not be looked up is taken as it was. */
  async function shapeOf(mapping: Mapping): Promise<readonly TopicShape[] | undefined> {
    const key = mapping.topics.join(' ');
    const known = shapes.get(key);
    if (known?.shape !== undefined && Date.now() - known.at < options.topicCheckMs) {
      return known.shape;
    }
    try {
      const shape = await options.describeTopics(mapping.topics);
      shapes.set(key, { at: Date.now(), shape });
      said.delete(key);
      return shape;
    } catch (error) {
      once(key, 'unreachable', () =>
        log.warn('topics cannot be looked up', { topics: mapping.topics, ...errorFields(error) }),
      );
      return known?.shape;
    }
  }

  async function stopMapping(uuid: string): Promise<void> {
    const found = running.get(uuid);
    if (found === undefined) {
      return;
    }
    running.delete(uuid);
    await Promise.all(found.pollers.map((poller) => poller.stop()));
    const own = counters.get(uuid);
    if (own !== undefined) {
      own.pollers = 0;
    }
    log.info('mapping stopped', { uuid, topics: found.mapping.topics });
  }

  /** Says a thing about a subject only when something else was said of it before. */
  function once(subject: string, thing: string, say: () => void): void {
    if (said.get(subject) !== thing) {
      said.set(subject, thing);
      say();
    }
  }

  return {
    counters: () => [...counters.values()],
    mappings: () => [...running.values()].map(({ mapping }) => mapping),
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
