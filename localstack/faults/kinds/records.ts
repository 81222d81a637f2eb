import type { Fault } from '../fault.ts';
import type { Shape } from '../workload.ts';

/** Faults that lie in what is sent. They come in few batches, since all of it waits in Kafka before it is read. */
export const recordFaults: readonly Fault[] = [
  records('poison-first', 'the first record of a batch is bad'),
  records('poison-middle', 'a record in the middle of a batch is bad'),
  records('poison-last', 'the last record of a batch is bad'),
  records('unstorable', 'a record in the middle of a batch is valid, and PostgreSQL refuses it'),
  records('conflict-storm', 'of each ten statements nine claim the id of the first, from several topics at once'),
  records('oversize', '40 statements of 200 to 800 kB: more than an invocation takes, and than a chunk'),
];

function records(shape: Shape, does: string): Fault {
  return {
    name: shape,
    does,
    seconds: { full: 0, short: 0 },
    random: true,
    shape,
    held: true,
    begin: async (_stage, hit) => {
      hit();
      return async () => undefined;
    },
  };
}
