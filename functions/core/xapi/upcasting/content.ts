import { type JsonObject, member, objectMember, without } from '../json.ts';
import { adl, ext, nlj } from '../prefixes.ts';
import { topics } from '../topics.ts';
import {
  contextExtension,
  type UpcastRule,
  verbOf,
  verbRule,
  withContextExtensions,
  withMember,
  withVerb,
} from './rule.ts';

const contentTopics = [topics.generation, topics.reviews];

/** Statuses that producers send, and the event's word for them. */
const statuses: Readonly<Record<string, string>> = {
  requested: 'requested',
  started: 'started',
  progress: 'progressed',
  progressing: 'progressed',
  progressed: 'progressed',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Content generation and reviews. */
export const contentRules: readonly UpcastRule[] = [
  {
    name: 'generation-status-verb',
    topics: [topics.generation],
    description: "A verb beside ext:generation_status becomes that status's verb",
    apply: (statement) => {
      const status =
        contextExtension(statement, 'generation_status') ?? resultExtension(statement, 'generation_status');
      const word = typeof status === 'string' && Object.hasOwn(statuses, status) ? statuses[status] : undefined;
      const verb = `${nlj}generation-${word}`;
      return word === undefined || verbOf(statement) === verb ? statement : withVerb(statement, verb);
    },
  },
  ...['modified', 'imported', 'reviewed'].map((word) =>
    verbRule(`content-${word}-verb`, contentTopics, [adl + word], nlj + word, `adl:${word} becomes nlj:${word}`),
  ),
  {
    name: 'generation-prompt-names',
    topics: [topics.generation],
    description: 'prompt and content_type become ext:prompt_config, source_documents becomes ext:source_document_ids',
    apply: (statement) => sourceDocuments(promptConfig(statement)),
  },
];

function resultExtension(statement: JsonObject, name: string): unknown {
  return member(objectMember(member(statement, 'result'), 'extensions'), ext + name);
}

function promptConfig(statement: JsonObject): JsonObject {
  const prompt = anyExtension(statement, 'prompt');
  const type = anyExtension(statement, 'content_type');
  const known = anyExtension(statement, 'prompt_config');
  if ((prompt === undefined && type === undefined) || known !== undefined) return statement;
  const config = {
    ...(prompt === undefined ? {} : { generated_prompt_text: prompt }),
    ...(type === undefined ? {} : { generation_type: type }),
  };
  return replaced(statement, ['prompt', 'content_type'], { prompt_config: config });
}

function sourceDocuments(statement: JsonObject): JsonObject {
  const documents = anyExtension(statement, 'source_documents');
  if (documents === undefined || anyExtension(statement, 'source_document_ids') !== undefined) return statement;
  return replaced(statement, ['source_documents'], { source_document_ids: documents });
}

function anyExtension(statement: JsonObject, name: string): unknown {
  return contextExtension(statement, name) ?? resultExtension(statement, name);
}

/** Old extensions leave result and context, new ones join the context. */
function replaced(statement: JsonObject, old: readonly string[], added: Readonly<Record<string, unknown>>): JsonObject {
  const gone = Object.fromEntries(old.map((name) => [name, undefined]));
  const after = withContextExtensions(statement, { ...gone, ...added });
  return after === statement ? statement : withoutResultExtensions(after, old);
}

/** The statement without some result extensions, then without an extensions and a result left empty. */
function withoutResultExtensions(statement: JsonObject, names: readonly string[]): JsonObject {
  const result = objectMember(statement, 'result');
  const extensions = objectMember(result, 'extensions');
  if (result === undefined || extensions === undefined) return statement;
  const present = names.map((name) => ext + name).filter((key) => Object.hasOwn(extensions, key));
  if (present.length === 0) return statement;
  const left = without(extensions, present);
  const after =
    Object.keys(left).length === 0 ? without(result, ['extensions']) : withMember(result, 'extensions', left);
  return Object.keys(after).length === 0 ? without(statement, ['result']) : withMember(statement, 'result', after);
}
