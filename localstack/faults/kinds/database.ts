import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { forgetLock } from '../../forgotten-lock.ts';
import type { Fault, Mend } from '../fault.ts';
import { jsonAnswer } from '../proxy/http-proxy.ts';
import { sqlState } from '../proxy/postgres-proxy.ts';
import type { Stage } from '../stage.ts';
import { answering, atMoment } from './moments.ts';

/** The role as which topic groups' functions connect (lib/constructs/database.ts). */
const role = 'nlj_app';

export const databaseFaults: readonly Fault[] = [
  {
    name: 'postgres-connections-cut',
    does: 'PostgreSQL ends every session of the functions, five times a second',
    seconds: { full: 8, short: 2 },
    random: true,
    hold: 'postgres',
    begin: async (stage, hit) => {
      const counted = counting(stage, '57P01', hit);
      const ending = new AbortController();
      const cutting = (async () => {
        while (!ending.signal.aborted) {
          await endSessions(stage);
          await sleep(200, undefined, { signal: ending.signal }).catch(() => undefined);
        }
      })();
      return async () => {
        ending.abort();
        await cutting;
        counted();
      };
    },
  },
  {
    name: 'postgres-commit-answer-lost',
    does: 'the connection breaks after a commit and before its answer: the function cannot know of it; the first five times',
    seconds: { full: 5, short: 1 },
    random: true,
    begin: async (stage, hit) => {
      const disarm = atMoment(stage, 'committed', 5, async () => {
        stage.postgres.cut();
        hit();
      });
      return disarm;
    },
  },
  {
    name: 'postgres-network-gone',
    does: 'packets to PostgreSQL are lost, then connections refused',
    seconds: { full: 8, short: 2 },
    random: true,
    begin: async ({ postgres }, hit) => {
      postgres.valve.close();
      postgres.refusing = true;
      hit();
      return async () => {
        postgres.refusing = false;
        postgres.cut();
        postgres.valve.open();
      };
    },
  },
  {
    name: 'postgres-slow',
    does: 'every message to and from PostgreSQL takes 150 ms longer',
    seconds: { full: 8, short: 2 },
    random: true,
    begin: async ({ postgres }, hit) => {
      postgres.delay = 150;
      hit();
      return async () => {
        postgres.delay = 0;
      };
    },
  },
  {
    name: 'postgres-deadlock',
    does: 'a second session closes a cycle of locks with a transaction of a function, again and again; PostgreSQL ends the function’s',
    seconds: { full: 12, short: 4 },
    random: true,
    hold: 'postgres',
    begin: deadlocks,
  },
  {
    name: 'postgres-deadlock-storm',
    does: 'the first 12 transactions that insert statements end by SQLSTATE 40P01: more than a function tries at once',
    seconds: { full: 8, short: 2 },
    random: true,
    hold: 'postgres',
    begin: async (stage, hit) => {
      const { database } = stage;
      const counted = counting(stage, '40P01', hit);
      await database.query(`
        create sequence if not exists fault_deadlocks;
        create or replace function fault_deadlock() returns trigger security definer language plpgsql as $$
        begin
          if nextval('fault_deadlocks') <= 12 then raise exception 'deadlock detected' using errcode = '40P01'; end if;
          return null;
        end $$;
        alter sequence fault_deadlocks restart;
        create or replace trigger fault_deadlock before insert on statement for each statement execute function fault_deadlock()`);
      return async () => {
        counted();
        await database.query(
          'drop trigger fault_deadlock on statement; drop function fault_deadlock; drop sequence fault_deadlocks',
        );
      };
    },
  },
  {
    name: 'postgres-lock-forgotten',
    does: 'a session locks the statements and goes idle: PostgreSQL ends what waits for it (SQLSTATE 55P03)',
    seconds: { full: 20, short: 10 },
    random: true,
    hold: 'postgres',
    begin: async (stage, hit) => {
      const counted = counting(stage, '55P03', hit);
      const session = await forgetLock(stage.environment.description.endpoints.postgres, 'statement');
      return async () => {
        counted();
        await session.end();
      };
    },
  },
  {
    name: 'postgres-read-only',
    does: 'the database takes no writes, as a reader does after a failover',
    seconds: { full: 8, short: 2 },
    random: true,
    hold: 'postgres',
    begin: (stage, hit) =>
      altered(
        stage,
        counting(stage, '25006', hit),
        `alter role ${role} set default_transaction_read_only = on`,
        `alter role ${role} reset default_transaction_read_only`,
      ),
  },
  {
    name: 'postgres-full',
    does: 'PostgreSQL has no connection left for the functions',
    seconds: { full: 8, short: 2 },
    random: true,
    hold: 'postgres',
    begin: (stage, hit) =>
      altered(
        stage,
        counting(stage, '53300', hit),
        `alter role ${role} connection limit 0`,
        `alter role ${role} connection limit -1`,
      ),
  },
  {
    name: 'postgres-credentials-refused',
    does: "PostgreSQL refuses the functions' role; for a minute in a full run",
    seconds: { full: 60, short: 3 },
    random: true,
    hold: 'postgres',
    begin: (stage, hit) =>
      altered(stage, counting(stage, '28000', hit), `alter role ${role} nologin`, `alter role ${role} login`),
  },
  {
    name: 'secret-refused',
    does: "Secrets Manager denies access to the database's password, and connections are cut",
    seconds: { full: 8, short: 2 },
    random: true,
    begin: async (stage, hit) => {
      const end = answering(
        stage.aws,
        ({ headers }) => String(headers['x-amz-target']).startsWith('secretsmanager.'),
        () =>
          jsonAnswer(400, {
            __type: 'AccessDeniedException',
            Message: 'not authorized to perform: secretsmanager:GetSecretValue',
          }),
        hit,
      );
      stage.postgres.cut();
      return async () => end();
    },
  },
];

/** Counts the errors of one kind that reach the functions: the effect itself. Returns what ends that. */
function counting(stage: Stage, code: string, hit: () => void): () => void {
  return stage.postgres.on(sqlState(code), async () => hit());
}

async function endSessions({ database }: Stage): Promise<number> {
  const { rowCount } = await database.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where usename = $1',
    [role],
  );
  return rowCount ?? 0;
}

/** Changes the role and ends its sessions, which the change does not touch. */
async function altered(stage: Stage, counted: () => void, change: string, back: string): Promise<Mend> {
  await stage.database.query(change);
  await endSessions(stage);
  return async () => {
    counted();
    await stage.database.query(back);
    // Sessions keep the settings that they began with.
    await endSessions(stage);
  };
}

/**
 * Holds what a function's transaction needs last (`dead_letter`), and once one waits for it asks for what that one has
 * (`statement`). This session looks for deadlocks later than the function's does, so the function's transaction is the victim.
 */
async function deadlocks(stage: Stage, hit: () => void): Promise<Mend> {
  const counted = counting(stage, '40P01', hit);
  const ending = new AbortController();
  const client = new pg.Client({ connectionString: stage.environment.description.endpoints.postgres });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`set deadlock_timeout = '1h'`);
  const cycle = async (): Promise<void> => {
    await client.query('begin; lock table dead_letter in exclusive mode');
    const waiting = `select 1 from pg_locks where relation = 'dead_letter'::regclass and not granted`;
    while (!ending.signal.aborted) {
      const { rowCount } = await stage.database.query(waiting);
      if ((rowCount ?? 0) > 0) break;
      await sleep(20);
    }
    if (!ending.signal.aborted) await client.query('lock table statement in exclusive mode');
    await client.query('rollback');
  };
  const running = (async () => {
    while (!ending.signal.aborted) {
      await cycle().catch(() => client.query('rollback').catch(() => undefined));
      await sleep(100);
    }
  })();
  return async () => {
    ending.abort();
    await running;
    await client.end();
    counted();
  };
}
