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

type Unanswered = AnswerTo<'measure'>['unanswered'][number];

/** Says what waits. A store that does not answer leaves out what it would have said, and nothing else; the answer names it. */
export async function measure({ stores, stage, connection }: MeasureStores): Promise<AnswerTo<'measure'>> {
  const unanswered: Unanswered[] = [];
  const orNull = async <Answer>(store: Unanswered['store'], asked: Promise<Answer>): Promise<Answer | null> => {
    try {
      return await asked;
    } catch (error) {
      unanswered.push({ store, reason: error instanceof Error ? error.name : typeof error });
      return null;
    }
  };
  const [database, unreadAge] = await Promise.all([
    orNull('database', whatWaits(stores.pool)),
    orNull('kafka', unreadAges(stage, connection)),
  ]);
  return { action: 'measure', database, unreadAge, unanswered };
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
