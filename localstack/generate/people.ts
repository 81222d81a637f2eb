import { createHash } from 'node:crypto';
import { adl, type Below, ext, learner, madeUpId } from '../workload/made-up.ts';
import type { Window } from './time.ts';

/** How a made-up person appears in statements. */
export type PersonKind =
  /** By the account, some of them with the mailbox beside it. */
  | 'account'
  /** By a mailbox and nothing else, for good. */
  | 'mailbox'
  /** By the SHA-1 of a mailbox or an OpenID. */
  | 'identifier'
  /** By an account of another system. */
  | 'foreign'
  /** By account and mailbox as if they were two people, until a late statement carries both. */
  | 'linked late'
  /** Likewise, with two mailboxes. */
  | 'two mailboxes'
  /** By an account with a mailbox that another account claims too. */
  | 'contested';

const kinds: readonly PersonKind[] = [
  'account',
  'mailbox',
  'linked late',
  'account',
  'identifier',
  'account',
  'two mailboxes',
  'account',
  'account',
  'linked late',
  'foreign',
  'account',
  'account',
  'account',
  'linked late',
  'account',
  'account',
  'account',
  'contested',
  'account',
];

export function kindOf(person: number): PersonKind {
  return kinds[person % kinds.length] ?? 'account';
}

/** People of a data set: enough of them that each has some statements, and at a million more than a count stays exact for. */
export function populationOf(count: number): number {
  return Math.min(50_000, Math.max(60, Math.floor(count / 50)));
}

const mailbox = (person: number, which = '') => `mailto:learner${person}${which}@example.org`;

/** When the statement comes that attaches a person's mailboxes to the account: in the second half, in order of numbers. */
export function linkTime(person: number, population: number, { since, until }: Window): number {
  return since + Math.floor((until - since) * (0.5 + (0.49 * person) / population));
}

export interface Appearance {
  readonly person: number;
  readonly time: number;
  readonly population: number;
  readonly window: Window;
  readonly below: Below;
}

/** The actor of a statement by a person at a time. */
export function actorOf({ person, time, population, window, below }: Appearance): Record<string, unknown> {
  const account = learner(person);
  const name = `Learner ${person}`;
  const alone = (which = '') => ({ objectType: 'Agent', name, mbox: mailbox(person, which) });
  const kind = kindOf(person);
  switch (kind) {
    case 'account':
      return person % 3 === 0 && below(4) === 0 ? { ...account, mbox: mailbox(person) } : account;
    case 'mailbox':
      return alone();
    case 'identifier':
      return person % 40 < 20
        ? { mbox_sha1sum: createHash('sha1').update(mailbox(person)).digest('hex') }
        : { objectType: 'Agent', openid: `https://openid.example.org/${person}` };
    case 'foreign':
      return { objectType: 'Agent', account: { homePage: 'https://lms.example.org', name: `staff-${person}` } };
    case 'contested':
      return below(4) === 0 ? { ...account, mbox: mailbox(Math.floor(person / 60) * 60) } : account;
    case 'linked late':
    case 'two mailboxes': {
      const which = kind === 'two mailboxes' && below(2) === 0 ? '.private' : '';
      const isLinked = time >= linkTime(person, population, window);
      const draw = below(10);
      if (isLinked && draw === 0) return { ...account, mbox: mailbox(person, which) };
      return draw < (isLinked ? 3 : 5) ? alone(which) : account;
    }
  }
}

/** Actors that carry both identifiers of a person that is linked late; none for others. */
export function linkingActors(person: number): Record<string, unknown>[] {
  switch (kindOf(person)) {
    case 'linked late':
      return [{ ...learner(person), mbox: mailbox(person) }];
    case 'two mailboxes':
      return ['', '.private'].map((which) => ({ ...learner(person), mbox: mailbox(person, which) }));
    default:
      return [];
  }
}

/** The platform itself: never a learner. */
export const systemActor = {
  objectType: 'Agent',
  name: 'NLJ Platform',
  account: { homePage: 'http://nlj.platform', name: 'system' },
} as const;

/** What a person says of itself in surveys; some of it changes in the second half of the time. */
export function demographicsOf(person: number, time: number, { since, until }: Window): Record<string, string> {
  const moved = person % 10 === 0 && time > (since + until) / 2;
  const department = person % 97 === 0 ? 'Legal' : departments[(moved ? person + 1 : person) % departments.length];
  return {
    [`${ext}department`]: department ?? 'Service',
    ...(person % 8 === 0 ? {} : { [`${ext}location`]: locations[person % locations.length] ?? 'Leeds' }),
    ...(person % 3 === 0 ? {} : { [`${ext}tenure`]: tenures[person % tenures.length] ?? '0-1' }),
    [`${ext}job_level`]: person % 41 === 0 ? 'Board' : person % 4 === 0 ? 'Lead' : 'Staff',
    // A member that is no demographic field, and a name: neither may reach the index.
    ...(person % 5 === 0 ? { [`${ext}manager`]: `Learner ${person + 1}` } : {}),
    [`${ext}${person % 2 === 0 ? 'user_role' : 'role'}`]: person % 6 === 0 ? 'manager' : 'employee',
    [`${ext}team`]: `team-${person % 30}`,
  };
}

const departments = ['Service', 'Sales', 'Operations', 'Engineering', 'People'] as const;
const locations = ['Leeds', 'Lyon', 'Lisbon', 'Lund'] as const;
const tenures = ['0-1', '1-3', '3-5', '5+'] as const;

export const verb = (name: string) => ({ id: `${adl}${name}`, display: { 'en-US': name } });

/** The key that producers give a message: the actor. */
export const keyOfPerson = (person: number): string => madeUpId('learner', person);
