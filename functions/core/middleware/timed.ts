import type { MiddlewareObj } from '@middy/core';

/** What each step in front of the handler took, in milliseconds. */
export interface TimedEvent {
  millis?: Record<string, number>;
}

/** A middleware whose `before` is timed under a name. */
export function timed<Event extends TimedEvent>(step: string, middleware: MiddlewareObj<Event>): MiddlewareObj<Event> {
  const { before } = middleware;
  if (before === undefined) return middleware;
  return {
    ...middleware,
    async before(request) {
      const began = performance.now();
      await before(request);
      request.event.millis = { ...request.event.millis, [step]: performance.now() - began };
    },
  };
}
