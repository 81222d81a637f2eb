import { z } from 'zod';

/** Place of a row in the order that pages go by: when it was first seen, then its coordinates. */
export interface Position {
  /** ISO 8601 with microseconds, UTC. */
  readonly firstSeen: string;
  readonly cluster: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
}

const shape = z.tuple([z.string(), z.string(), z.string(), z.int(), z.int(), z.int()]);

/** A position as callers hand it back. */
export function cursorOf({ firstSeen, cluster, topic, partition, offset, timestamp }: Position): string {
  return Buffer.from(JSON.stringify([firstSeen, cluster, topic, partition, offset, timestamp])).toString('base64url');
}

/** @throws Error if it is no cursor that `cursorOf` made. */
export function positionOf(cursor: string): Position {
  try {
    const [firstSeen, cluster, topic, partition, offset, timestamp] = shape.parse(
      JSON.parse(Buffer.from(cursor, 'base64url').toString()),
    );
    return { firstSeen, cluster, topic, partition, offset, timestamp };
  } catch {
    throw new Error('"after" is not where a page ended: hand back "next" of the answer before, or leave it out');
  }
}
