import { topicGroupHandler } from '../core/runtime/topic-group.ts';

/** Consumes the content topics: generation sessions, and what is done to content. */
export const handler = topicGroupHandler();
