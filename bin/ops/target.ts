import { topicGroups } from '../../lib/catalogue.ts';

/**
 * The consumed topics that a word on the command line means: a topic, a topic group, or `all`.
 * @throws Error naming what there is.
 */
export function topicsMeant(word: string): readonly string[] {
  const all = topicGroups.flatMap((group) => group.topics.map(({ name }): string => name));
  if (word === 'all') return all;
  if (all.includes(word)) return [word];
  const group = topicGroups.find(({ name }) => name === word);
  if (group !== undefined) return group.topics.map(({ name }) => name);
  const groups = topicGroups.map(({ name }) => name);
  throw new Error(
    `"${word}" is no topic and no group. Groups: ${groups.join(', ')}. Topics: ${all.join(', ')}. Or: all`,
  );
}
