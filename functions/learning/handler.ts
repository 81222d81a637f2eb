import { topicGroupHandler } from '../core/runtime/topic-group.ts';

/** Consumes the learning topics. */
export const handler = topicGroupHandler();
