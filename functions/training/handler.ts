import { topicGroupHandler } from '../core/runtime/topic-group.ts';

/** Consumes the training topics. */
export const handler = topicGroupHandler();
