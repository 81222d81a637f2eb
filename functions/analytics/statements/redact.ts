import { isJsonObject, type JsonObject, member, objectMember } from '../../core/xapi/json.ts';

/** Who reads a statement: the person it is about, or somebody else. */
export type Reader = 'self' | 'other';

/** A ledger body with what is in columns beside it. */
export interface LedgerStatement {
  readonly body: JsonObject;
  /** ISO 8601, UTC. */
  readonly stored: string;
  readonly agentKey: string | null;
}

/** `homePage` of the account that stands for a person in a redacted statement; its `name` is the agent key. */
export const agentKeyHomePage = 'urn:nlj:agent-key';

/**
 * A statement as it may leave: the only way from a ledger body to a response. To the person himself it is whole. To others it
 * is made anew of what says nothing about people but who (as an agent key) did what, when and how well: no name,
 * identifier, response, extension, attachment, authority, instructor, team or description.
 */
export function redacted({ body, stored, agentKey }: LedgerStatement, reader: Reader): JsonObject {
  if (reader === 'self') return { ...body, stored };
  return present({
    id: body['id'],
    actor: agentKey === null ? undefined : agentOf(agentKey),
    verb: present({ id: member(body['verb'], 'id'), display: languageMap(member(body['verb'], 'display')) }),
    object: objectOf(body['object']),
    result: resultOf(body['result']),
    context: contextOf(body['context']),
    timestamp: body['timestamp'],
    stored,
    version: body['version'],
  });
}

function agentOf(agentKey: string): JsonObject {
  return { objectType: 'Agent', account: { homePage: agentKeyHomePage, name: agentKey } };
}

/** Of an activity what it is; of a statement that is referred to its id; of anything else only what kind of thing it is. */
function objectOf(object: unknown): JsonObject | undefined {
  if (!isJsonObject(object)) return undefined;
  const { objectType } = object;
  if (objectType === 'StatementRef') return present({ objectType, id: object['id'] });
  return objectType === undefined || objectType === 'Activity' ? activityOf(object) : { objectType };
}

function activityOf(activity: JsonObject): JsonObject {
  const definition = objectMember(activity, 'definition');
  const kept = present({ type: definition?.['type'], name: languageMap(definition?.['name']) });
  return present({
    objectType: 'Activity',
    id: activity['id'],
    definition: definition === undefined ? undefined : kept,
  });
}

function resultOf(result: unknown): JsonObject | undefined {
  if (!isJsonObject(result)) return undefined;
  const score = objectMember(result, 'score');
  return present({
    completion: result['completion'],
    success: result['success'],
    duration: result['duration'],
    score:
      score === undefined
        ? undefined
        : present({ scaled: score['scaled'], raw: score['raw'], min: score['min'], max: score['max'] }),
  });
}

const relations = ['parent', 'grouping', 'category', 'other'] as const;

function contextOf(context: unknown): JsonObject | undefined {
  if (!isJsonObject(context)) return undefined;
  const related = objectMember(context, 'contextActivities');
  return present({
    registration: context['registration'],
    platform: context['platform'],
    language: context['language'],
    contextActivities:
      related === undefined
        ? undefined
        : present(Object.fromEntries(relations.map((relation) => [relation, activities(related[relation])]))),
  });
}

function activities(list: unknown): JsonObject[] | undefined {
  const known = Array.isArray(list) ? list : list === undefined ? [] : [list];
  return known.length === 0 ? undefined : known.filter(isJsonObject).map(activityOf);
}

/** A language map's texts; what is none is left out. */
function languageMap(map: unknown): JsonObject | undefined {
  if (!isJsonObject(map)) return undefined;
  return Object.fromEntries(Object.entries(map).filter(([, text]) => typeof text === 'string'));
}

/** An object's members that there are. */
function present(members: Readonly<Record<string, unknown>>): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
