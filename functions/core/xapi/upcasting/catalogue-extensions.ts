import { isJsonObject, type JsonObject, member, objectMember, without } from '../json.ts';
import { ext } from '../prefixes.ts';
import { topics } from '../topics.ts';
import { type UpcastRule, withMember } from './rule.ts';

/** Extensions of the canonical events, by topic (spec: events.md, "Canonical events"). */
const extensionsOfTopics: Readonly<Record<string, readonly string[]>> = {
  [topics.programs]: [
    'learning_objectives',
    'prerequisites',
    'duration_minutes',
    'requires_approval',
    'target_audience',
    'session_count',
  ],
  [topics.sessions]: [
    'program_id',
    'start_time',
    'end_time',
    'capacity',
    'max_attendees',
    'location',
    'instructor_id',
    'timezone',
    'cancellation_reason',
    'cancelled_at',
    'notify_learners',
  ],
  [topics.bookings]: [
    'booking_id',
    'registration_method',
    'special_requirements',
    'confirmation_method',
    'confirmed_by',
    'waitlist_position',
    'cancelled_by',
    'cancellation_reason',
    'refund_issued',
  ],
  [topics.attendance]: ['check_in_time', 'check_in_method', 'completion_percentage', 'duration_minutes'],
  [topics.certificates]: ['program_id', 'session_id', 'completion_date', 'expiry_date', 'certificate_url'],
  [topics.generation]: [
    'source_document_ids',
    'prompt_config',
    'progress_percentage',
    'current_step',
    'generated_content_size',
    'tokens_used',
    'duration_seconds',
    'content_id',
    'error_message',
    'error_type',
    'modification_type',
    'modification_description',
    'import_source',
    'import_type',
    'imported_items_count',
    'review_status',
    'reviewer_comments',
  ],
  [topics.reviews]: [
    'modification_type',
    'modification_description',
    'import_source',
    'import_type',
    'imported_items_count',
    'review_status',
    'reviewer_comments',
  ],
};

/** One rule per topic of the training and content groups; what the context has already stays. */
export const catalogueExtensionRules: readonly UpcastRule[] = Object.entries(extensionsOfTopics).map(
  ([topic, names]) => ({
    name: 'extension-place',
    topics: [topic],
    description: "The catalogue's extensions in result.extensions or definition.extensions move to context.extensions",
    apply: (statement) => moved(moved(statement, ['result'], names), ['object', 'definition'], names),
  }),
);

function moved(statement: JsonObject, path: readonly string[], names: readonly string[]): JsonObject {
  const place = path.reduce<JsonObject | undefined>((value, name) => objectMember(value, name), statement);
  const extensions = objectMember(place, 'extensions');
  if (place === undefined || extensions === undefined) return statement;
  const keys = names.map((name) => ext + name).filter((key) => Object.hasOwn(extensions, key));
  if (keys.length === 0) return statement;
  const context = member(statement, 'context') ?? {};
  const target = member(context, 'extensions') ?? {};
  if (!isJsonObject(context) || !isJsonObject(target)) return statement;
  const arrived = Object.fromEntries(keys.map((key) => [key, extensions[key]]));
  const left = without(extensions, keys);
  const emptied = Object.keys(left).length === 0;
  const after = replaced(
    statement,
    path,
    emptied ? without(place, ['extensions']) : withMember(place, 'extensions', left),
  );
  return withMember(after, 'context', withMember(context, 'extensions', { ...arrived, ...target }));
}

/** The object with what lies at a path replaced; a `result` left empty goes. */
function replaced(value: JsonObject, path: readonly string[], inner: JsonObject): JsonObject {
  const [name, ...rest] = path;
  if (name === undefined) return inner;
  const after = replaced(objectMember(value, name) ?? {}, rest, inner);
  return name === 'result' && Object.keys(after).length === 0 ? without(value, [name]) : withMember(value, name, after);
}
