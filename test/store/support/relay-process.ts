/**
 * A relay that is killed: runs rounds until SIGKILL comes from outside, or from itself at the point that is named.
 * Arguments: connection URL, `host:port` of the broker, point.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresOutbox } from '../../../functions/operations/relay/outbox.ts';
import { kafkaPublisher } from '../../../functions/operations/relay/publisher.ts';
import { relay } from '../../../functions/operations/relay/relay.ts';

const [connectionString = '', bootstrapServers = '', point = 'none'] = process.argv.slice(2);
const die = () => process.kill(process.pid, 'SIGKILL');

const pool = new pg.Pool({ connectionString, max: 1 });
/** Statements before which it dies; the second `begin` comes after the first commit. */
let begins = 0;
pool.on('connect', (client) => {
  const query: unknown = Reflect.get(client, 'query');
  Object.defineProperty(client, 'query', {
    value: (...args: readonly unknown[]) => {
      const text = String(args[0]);
      if (text === 'begin') begins += 1;
      if (point === 'before marking' && text.startsWith('update outbox')) die();
      if (point === 'before the commit' && text === 'commit') die();
      if (point === 'after the commit' && begins === 2) die();
      return typeof query === 'function' ? Reflect.apply(query, client, args) : undefined;
    },
  });
});

const publisher = kafkaPublisher({ bootstrapServers, auth: 'none', region: '' });
for (;;) {
  await relay(
    postgresOutbox(pool),
    async (rows) => {
      if (point === 'before the first row') die();
      if (point === 'in the middle of a round') {
        await publisher.publish(rows.slice(0, Math.ceil(rows.length / 2)));
        die();
      }
      // A relay that works beside this one would overtake it here.
      await sleep(randomInt(0, 40));
      await publisher.publish(rows);
    },
    () => true,
  ).catch(() => undefined);
  await sleep(5);
}
