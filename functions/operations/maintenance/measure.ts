import type pg from 'pg';
import { execute } from '../../core/ledger/transaction.ts';
import type { ClusterConnection } from '../../core/runtime/kafka-client.ts';
import type { AnswerTo } from './answer.ts';
import { unreadAges } from './unread-age.ts';

export interface MeasureStores {
  readonly stores: { readonly pool: pg.Pool };
  readonly stage: string;
  readonly connection: ClusterConnection;
}

/** Says what waits. A store that does not answer leaves out what it would have said, and nothing else. */
export async function measure({ stores, stage, connection }: MeasureStores): Promise<AnswerTo<'measure'>> {
  const [database, unread] = await Promise.all([
    whatWaits(stores.pool).catch(() => null),
    unreadAges(stage, connection).catch(() => null),
  ]);
  return { action: 'measure', database, unreadAge: unread };
}

type Waiting = NonNullable<AnswerTo<'measure'>['database']>;

async function whatWaits(pool: pg.Pool): Promise<Waiting> {
  const { rows } = await execute<Waiting>(
    pool,
    `select o.waiting as "outboxWaiting", o.age as "outboxAge", d.waiting as "deadLettersWaiting", s.due as "documentsDue"
       from (select count(*)::integer as waiting,
                    coalesce(extract(epoch from clock_timestamp() - min(created)), 0)::double precision as age
               from outbox where published is null) o,
            (select count(*)::integer as waiting from dead_letter where state = 'waiting') d,
            (select count(*)::integer as due from statement where index_state = 'pending') s`,
    [],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('PostgreSQL answered without a row');
  return row;
}
