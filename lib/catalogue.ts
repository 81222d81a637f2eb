/**
 * The topic catalogue: the one source of topic groups, topics, partitions and retention.
 *
 * The CDK app makes one function per group and one event source mapping per consumed topic from it, the
 * provisioning function creates the topics, the functions find their event rules by it, and the local
 * environment publishes and audits by it. It must stay free of any import so that all of them can read it.
 */

/** A topic as the cluster must hold it. */
export interface Topic {
  readonly name: string;
  readonly partitions: number;
  /** Retention in days (`retention.ms` on the cluster); `cleanup.policy` is always `delete`. */
  readonly retentionDays: number;
  /** What the producers put in the key, for people and for the workload generator. */
  readonly key: string;
}

/** A topic group: one Lambda function that consumes all of the group's topics. */
export interface TopicGroup {
  readonly name: string;
  readonly topics: readonly Topic[];
  /** Its decisions are announced: after a batch with some it tells the relay. */
  readonly announces?: true;
}

/** Every group with a function. A new group is one entry here and one folder of its name under `functions/`. */
export const topicGroups = [
  {
    name: 'survey',
    topics: [{ name: 'nlj.survey.responses', partitions: 8, retentionDays: 90, key: 'survey id' }],
  },
  {
    name: 'learning',
    topics: [
      { name: 'xapi-events', partitions: 6, retentionDays: 90, key: 'actor' },
      { name: 'nlj.learning.activities', partitions: 6, retentionDays: 90, key: 'actor' },
      { name: 'nlj.activities.completed', partitions: 3, retentionDays: 90, key: 'actor' },
    ],
  },
  {
    name: 'training',
    announces: true,
    topics: [
      { name: 'nlj.training.programs', partitions: 3, retentionDays: 30, key: 'program id' },
      { name: 'nlj.training.sessions', partitions: 6, retentionDays: 30, key: 'session id' },
      // Old producers send `session:learner` or the booking id.
      { name: 'nlj.training.bookings', partitions: 6, retentionDays: 30, key: 'session id' },
      { name: 'nlj.training.attendance', partitions: 3, retentionDays: 30, key: 'session:learner' },
      { name: 'nlj.training.certificates', partitions: 2, retentionDays: 30, key: 'program:learner' },
    ],
  },
  {
    name: 'content',
    topics: [
      { name: 'nlj.content.generation', partitions: 6, retentionDays: 90, key: 'generation session id' },
      { name: 'nlj.activities.reviews', partitions: 2, retentionDays: 90, key: 'content id' },
    ],
  },
] as const satisfies readonly TopicGroup[];

/** Topics this project publishes to and does not consume. */
export const publishedTopics = [
  { name: 'nlj.training.conflicts', partitions: 2, retentionDays: 30, key: 'session id' },
  { name: 'nlj.training.outcomes', partitions: 6, retentionDays: 30, key: 'session id' },
] as const satisfies readonly Topic[];

export type TopicGroupName = (typeof topicGroups)[number]['name'];
export type ConsumedTopicName = (typeof topicGroups)[number]['topics'][number]['name'];

/** Groups that tell the relay. */
export const announcingGroups: readonly string[] = topicGroups
  .filter((group: TopicGroup) => group.announces === true)
  .map(({ name }) => name);

/** Every topic that the deployment creates. */
export const allTopics: readonly Topic[] = [
  ...topicGroups.flatMap((group): readonly Topic[] => group.topics),
  ...publishedTopics,
];

/** The group that consumes a topic, or undefined if none does. */
export function groupOfTopic(topic: string): TopicGroupName | undefined {
  return topicGroups.find((group) => group.topics.some(({ name }) => name === topic))?.name;
}

/** The consumer group id of a topic's event source mapping on a stage. */
export function consumerGroupId(stage: string, group: string, topic: string): string {
  return `nlj-${stage}-${group}-${topic}`;
}

/** Short name of the function that publishes announcements. */
export const relayName = 'relay';

/** Short name of the function that makes export files. */
export const exportName = 'export';

/** The name of a deployed function on a stage: of a topic group, or of an operation. */
export function functionName(stage: string, name: string): string {
  return `nlj-events-${stage}-${name}`;
}

/** The name of a stage's REST API. */
export function apiName(stage: string): string {
  return functionName(stage, 'api');
}

/** Name of the gateway's one stage: the first segment of every path. */
export const apiStage = 'live';

/** Output of the API's stack that holds the gateway's id. */
export const apiIdOutput = 'ApiId';
