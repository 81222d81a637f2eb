/** What a rule of the standard asks, for the error that names it. */
export interface Rule {
  /** Number of the requirement in ADL's conformance requirements for 1.0.3, else the section of the standard. */
  readonly requirement: string;
  readonly expected: string;
}

/**
 * Every rule that a statement can break, by its stable id. Error messages of the schema (`model.ts`) are these ids.
 *
 * Two rules are not the standard's: `finite-number` (JSON text such as `1e400` parses to Infinity, which no store can
 * give back) and `nesting` (`limits.ts`). docs/conformance.md lists requirements, rules and tests.
 */
export const rules = {
  // Part 2, 2.2: formatting
  null: { requirement: 'XAPI-00001', expected: 'no null outside extensions' },
  'unknown-member': {
    requirement: 'XAPI-00010',
    expected: 'only members of the standard, in their letter case',
  },
  'finite-number': { requirement: 'XAPI-00002', expected: 'a number that IEEE 754 double precision can hold' },
  nesting: { requirement: 'platform limit', expected: 'at most 128 levels of nesting' },
  statement: { requirement: 'XAPI-00006', expected: 'a statement object' },
  // Part 2, 2.4.1: id
  'statement-id': { requirement: 'XAPI-00027', expected: 'a uuid in standard string form' },
  'repeated-id': { requirement: 'Part 3, 2.1.2', expected: 'an id of its own in the batch' },
  // Part 2, 2.4.2: actors
  'statement-actor': { requirement: 'XAPI-00003', expected: 'an Agent or Group' },
  'actor-object-type': { requirement: 'XAPI-00031', expected: '"Agent" or "Group"' },
  agent: { requirement: 'XAPI-00036', expected: 'an Agent' },
  'agent-object-type': { requirement: 'XAPI-00036', expected: '"Agent"' },
  'actor-name': { requirement: 'XAPI-00033', expected: 'string' },
  'agent-identifier': { requirement: 'XAPI-00034', expected: 'exactly one of mbox, mbox_sha1sum, openid, account' },
  'group-identifier': { requirement: 'XAPI-00037', expected: 'at most one of mbox, mbox_sha1sum, openid, account' },
  'group-member': { requirement: 'XAPI-00036', expected: 'an array of Agents' },
  'anonymous-group-member': { requirement: 'XAPI-00037', expected: 'members, or an identifier' },
  mbox: { requirement: 'XAPI-00038', expected: '"mailto:" and one e-mail address' },
  'mbox-sha1sum': { requirement: 'XAPI-00039', expected: '40 hexadecimal digits' },
  openid: { requirement: 'XAPI-00040', expected: 'a URI' },
  account: { requirement: 'XAPI-00041', expected: 'an account object' },
  'account-home-page': { requirement: 'XAPI-00042', expected: 'an IRL' },
  'account-name': { requirement: 'XAPI-00043', expected: 'string' },
  // Part 2, 2.4.3: verb
  'statement-verb': { requirement: 'XAPI-00004', expected: 'a verb object' },
  'verb-id': { requirement: 'XAPI-00044', expected: 'an IRI' },
  'verb-display': { requirement: 'XAPI-00045', expected: 'a language map' },
  'voiding-object': {
    requirement: 'XAPI-00017',
    expected: 'a StatementRef as the object of a voiding statement',
  },
  // Part 2, 2.4.4: object
  'statement-object': {
    requirement: 'XAPI-00005',
    expected: 'an Activity, Agent, Group, StatementRef or SubStatement',
  },
  'object-type': {
    requirement: 'XAPI-00046',
    expected: '"Activity", "Agent", "Group", "StatementRef" or (not in a SubStatement) "SubStatement"',
  },
  activity: { requirement: 'XAPI-00094', expected: 'an Activity' },
  'activity-object-type': { requirement: 'XAPI-00094', expected: '"Activity"' },
  'activity-id': { requirement: 'XAPI-00047', expected: 'an IRI' },
  'activity-definition': { requirement: 'XAPI-00048', expected: 'an activity definition object' },
  'activity-name': { requirement: 'XAPI-00056', expected: 'a language map' },
  'activity-description': { requirement: 'XAPI-00059', expected: 'a language map' },
  'activity-type': { requirement: 'XAPI-00060', expected: 'an IRI' },
  'activity-more-info': { requirement: 'XAPI-00061', expected: 'an IRL' },
  'activity-extensions': { requirement: 'XAPI-00057', expected: 'an extensions object' },
  'interaction-type': { requirement: 'XAPI-00049', expected: 'an interaction type of the standard' },
  'interaction-needs-type': { requirement: 'XAPI-00064', expected: 'an interactionType beside interaction members' },
  'interaction-list': { requirement: 'Part 2, 2.4.4.1.s15', expected: 'only component lists of the interactionType' },
  'interaction-components': { requirement: 'XAPI-00051 to 00055', expected: 'an array of interaction components' },
  'interaction-component': { requirement: 'XAPI-00063', expected: 'an interaction component object' },
  'component-id': { requirement: 'XAPI-00058', expected: 'string' },
  'component-id-repeated': { requirement: 'XAPI-00058', expected: 'an id of its own in the list' },
  'component-description': { requirement: 'XAPI-00062', expected: 'a language map' },
  'correct-responses': { requirement: 'XAPI-00050', expected: 'an array of strings' },
  'statement-ref': { requirement: 'XAPI-00092', expected: 'a StatementRef' },
  'statement-ref-id': { requirement: 'XAPI-00072', expected: 'a uuid in standard string form' },
  // Part 2, 2.4.5: result
  result: { requirement: 'Part 2, 2.4.5', expected: 'a result object' },
  success: { requirement: 'XAPI-00074', expected: 'boolean' },
  completion: { requirement: 'XAPI-00075', expected: 'boolean' },
  response: { requirement: 'XAPI-00076', expected: 'string' },
  duration: { requirement: 'XAPI-00077', expected: 'an ISO 8601 duration' },
  'result-extensions': { requirement: 'XAPI-00078', expected: 'an extensions object' },
  score: { requirement: 'XAPI-00079', expected: 'a score object' },
  'score-scaled': { requirement: 'XAPI-00083', expected: 'a number from -1 to 1' },
  'score-raw': { requirement: 'XAPI-00082', expected: 'a number' },
  'score-min': { requirement: 'XAPI-00081', expected: 'a number' },
  'score-max': { requirement: 'XAPI-00080', expected: 'a number' },
  'score-range': { requirement: 'XAPI-00080', expected: 'min less than max' },
  'score-raw-range': { requirement: 'XAPI-00082', expected: 'a number from min to max' },
  // Part 2, 2.4.6: context
  context: { requirement: 'Part 2, 2.4.6', expected: 'a context object' },
  registration: { requirement: 'XAPI-00087', expected: 'a uuid in standard string form' },
  instructor: { requirement: 'XAPI-00087', expected: 'an Agent or Group' },
  team: { requirement: 'XAPI-00088', expected: 'a Group' },
  'context-activities': { requirement: 'XAPI-00086', expected: 'an object of parent, grouping, category, other' },
  'context-activity': { requirement: 'XAPI-00094', expected: 'an Activity or an array of Activities' },
  revision: { requirement: 'XAPI-00089', expected: 'string' },
  platform: { requirement: 'XAPI-00090', expected: 'string' },
  'revision-object': { requirement: 'XAPI-00084', expected: 'no revision unless the object is an Activity' },
  'platform-object': { requirement: 'XAPI-00085', expected: 'no platform unless the object is an Activity' },
  language: { requirement: 'XAPI-00091', expected: 'a language tag (RFC 5646)' },
  'context-extensions': { requirement: 'Part 2, 2.4.6.s3.table1.row9', expected: 'an extensions object' },
  // Part 2, 2.4.7 to 2.4.11
  timestamp: { requirement: 'XAPI-00022', expected: 'an ISO 8601 date and time, its offset not -00:00' },
  stored: { requirement: 'XAPI-00023', expected: 'an ISO 8601 date and time, its offset not -00:00' },
  authority: { requirement: 'XAPI-00024', expected: 'an Agent, or a Group of two Agents' },
  'authority-group': { requirement: 'XAPI-00098', expected: 'a Group without identifier with exactly two Agents' },
  version: { requirement: 'XAPI-00101', expected: '1.0 or 1.0.x' },
  attachments: { requirement: 'XAPI-00025', expected: 'an array of attachments' },
  attachment: { requirement: 'Part 2, 2.4.11', expected: 'an attachment object' },
  'attachment-usage-type': { requirement: 'XAPI-00107', expected: 'an IRI' },
  'attachment-display': { requirement: 'XAPI-00106', expected: 'a language map' },
  'attachment-description': { requirement: 'Part 2, 2.4.11.s2.table1.row3', expected: 'a language map' },
  'attachment-content-type': { requirement: 'XAPI-00105', expected: 'an Internet media type' },
  'attachment-length': { requirement: 'XAPI-00102', expected: 'an integer that is not negative' },
  'attachment-sha2': { requirement: 'XAPI-00103', expected: 'string' },
  'attachment-file-url': { requirement: 'XAPI-00104', expected: 'an IRL' },
  // Part 2, 4: special data types
  'extension-key': { requirement: 'XAPI-00118', expected: 'an IRI as key' },
  'language-tag': { requirement: 'XAPI-00013', expected: 'a language tag (RFC 5646) as key' },
  'language-map-text': { requirement: 'XAPI-00121', expected: 'string' },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

/** Whether a schema message is a rule's id. */
export function isRuleId(message: string): message is RuleId {
  return Object.hasOwn(rules, message);
}
