import { createHmac } from 'node:crypto';
import { isJsonObject, type JsonObject, type ValidStatement } from '../xapi/index.ts';
import { nljHomePage } from '../xapi/prefixes.ts';

/**
 * Who a statement is about (spec: People). `id` names the person within PostgreSQL only; outside it a person is an
 * agent key.
 */
export interface Person {
  /** `user:<id>` for an NLJ account, else `<identifier kind>:<value>`. */
  readonly id: string;
  /** The NLJ user id, where the account says so. */
  readonly userId: string | null;
  /** E-mail address without `mailto:`. */
  readonly email: string | null;
  readonly name: string | null;
}

/** The actor as a person, or null for a group without an identifier. */
export function personOf(actor: ValidStatement['actor']): Person | null {
  const name = actor.name === undefined ? null : storable(actor.name);
  if (actor.account !== undefined) {
    const { homePage, name: account } = actor.account;
    const userId = homePage === nljHomePage ? storable(account) : null;
    return { id: accountId(homePage, account), userId, email: null, name };
  }
  if (actor.mbox !== undefined) {
    return { id: mailboxId(actor.mbox), userId: null, email: storable(actor.mbox.slice('mailto:'.length)), name };
  }
  if (actor.mbox_sha1sum !== undefined) {
    return { id: sha1Id(actor.mbox_sha1sum), userId: null, email: null, name };
  }
  if (actor.openid !== undefined) {
    return { id: openidId(actor.openid), userId: null, email: null, name };
  }
  return null;
}

/** Every person id that an object states, whether or not it is a valid agent. */
export function personIdsOfAgent(agent: JsonObject): string[] {
  const { mbox, mbox_sha1sum: sha1, openid, account } = agent;
  const ids: string[] = [];
  if (isJsonObject(account) && typeof account['homePage'] === 'string' && typeof account['name'] === 'string') {
    ids.push(accountId(account['homePage'], account['name']));
  }
  if (typeof mbox === 'string') ids.push(mailboxId(mbox));
  if (typeof sha1 === 'string') ids.push(sha1Id(sha1));
  if (typeof openid === 'string') ids.push(openidId(openid));
  return ids;
}

function accountId(homePage: string, name: string): string {
  return homePage === nljHomePage ? `user:${storable(name)}` : storable(`account:${homePage}|${name}`);
}

/** The person id of the SHA-1 of a mailbox, seen alone. */
export function sha1Id(sha1: string): string {
  return storable(`mbox_sha1sum:${sha1.toLowerCase()}`);
}

function openidId(openid: string): string {
  return storable(`openid:${openid}`);
}

/** The person id of a mailbox seen alone (`mailto:` included, as in a statement). */
export function mailboxId(mbox: string): string {
  return storable(`mbox:${mbox}`);
}

/**
 * Text that a PostgreSQL `text` column takes: U+0000 and lone surrogates, valid in a statement's body, become U+FFFD
 * here. The body in the ledger keeps them.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}

/** The secret that makes agent keys: changing it would make every person a new one, so it is not rotated. */
export interface Pepper {
  readonly version: number;
  readonly secret: string;
}

/** The person's name outside PostgreSQL: `v<pepper version>.<HMAC-SHA256 of the person's id, base64url>`. */
export function agentKey(pepper: Pepper, personId: string): string {
  return `v${pepper.version}.${createHmac('sha256', pepper.secret).update(personId).digest('base64url')}`;
}

/** What the list of erased people keeps of an identifier: an HMAC apart from that of agent keys. */
export function erasedHash(pepper: Pepper, personId: string): Buffer {
  return createHmac('sha256', pepper.secret).update(`erased|${personId}`).digest();
}
