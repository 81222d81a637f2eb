import { isJsonObject } from '../xapi/json.ts';
import { personIdsOfAgent } from './person.ts';

/** How a person can be named in what was sent. */
export interface PersonNames {
  /** Person ids (`personOf`): an agent that states one of them is the person. */
  readonly personIds: ReadonlySet<string>;
  /**
   * User ids and e-mail addresses, which may stand anywhere as text; those shorter than 8 characters count only where
   * they are the whole text, as a user id of `7` would else be found everywhere.
   */
  readonly words: readonly string[];
}

/** What stands where a person was named. */
export const erasedName = 'erased';
const erasedAccount = { homePage: 'http://nlj.platform/erased', name: erasedName } as const;

/**
 * A JSON value without a person: agents that are the person become the erased one, words that name the person become
 * `erased`. A value that does not name the person is returned as it is, so `===` tells. Doing it again changes nothing.
 */
export function withoutPerson(value: unknown, names: PersonNames): unknown {
  return replaced(value, { ...names, test: searchOf(names.words) });
}

/** Whether a text names the person, as a whole word. */
export function namesPerson(text: string, { words }: Pick<PersonNames, 'words'>): boolean {
  const { whole, within } = searchOf(words);
  return whole.has(text.toLowerCase()) || within?.test(text) === true;
}

interface WordSearch {
  /** In lower case. */
  readonly whole: ReadonlySet<string>;
  readonly within: RegExp | null;
}

interface Search extends PersonNames {
  readonly test: WordSearch;
}

function replaced(value: unknown, search: Search): unknown {
  if (typeof value === 'string') {
    if (search.test.whole.has(value.toLowerCase())) return erasedName;
    return search.test.within === null ? value : value.replaceAll(search.test.within, erasedName);
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => replaced(item, search));
    return items.some((item, position) => item !== value[position]) ? items : value;
  }
  if (!isJsonObject(value)) return value;
  if (personIdsOfAgent(value).some((id) => search.personIds.has(id))) return withoutIdentity(value);
  let changed = false;
  const members = Object.entries(value).map(([key, member]): [string, unknown] => {
    const [newKey, newMember] = [replaced(key, search), replaced(member, search)];
    if (newKey !== key || newMember !== member) changed = true;
    return [String(newKey), newMember];
  });
  return changed ? Object.fromEntries(members) : value;
}

/** An agent keeps its type and loses who it is. */
function withoutIdentity(agent: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { mbox: _mbox, mbox_sha1sum: _sha1, openid: _openid, account: _account, name: _name, ...rest } = agent;
  return { ...rest, account: erasedAccount };
}

const shortest = 8;

/** A word ends where no character of an identifier goes on: `ann@x.org` stands neither in `joann@x.org` nor in `ann@x.org.uk`. */
function searchOf(words: readonly string[]): WordSearch {
  const long = words.filter((word) => word.length >= shortest).toSorted((left, right) => right.length - left.length);
  const alternatives = long.map((word) => RegExp.escape(word)).join('|');
  return {
    whole: new Set(words.map((word) => word.toLowerCase())),
    within:
      long.length === 0
        ? null
        : new RegExp(
            `(?<![\\p{L}\\p{N}._%+@-])(?:mailto:)?(?:${alternatives})(?![\\p{L}\\p{N}@-]|\\.[\\p{L}\\p{N}])`,
            'giu',
          ),
  };
}
