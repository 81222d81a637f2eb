/**
 * String formats of xAPI 1.0.3 (Part 2, 2.4.2.3 and 4), as predicates. Each regular expression is linear: no input
 * makes one backtrack.
 */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A uuid in standard string form; any version and variant (Part 2, 4.4 only recommends RFC 4122's). */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

// What RFC 3986 and 3987 allow in no part of an identifier: controls, space and these delimiters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const iri = /^[a-z][a-z0-9+.-]*:[^\u0000- <>"{}|\\^`\u007F-\u009F]*$/i;

/** An absolute IRI (or IRL): a scheme as in RFC 3986, then no character that RFC 3987 forbids. */
export function isIri(text: string): boolean {
  return iri.test(text) && text.isWellFormed();
}

const uri = /^[a-z][a-z0-9+.-]*:[!#-;=?-[\]_a-z~]*$/i;

/** An absolute URI: an IRI in ASCII. */
export function isUri(text: string): boolean {
  return uri.test(text);
}

// One address (RFC 6068 with RFC 6531's characters): "," would begin a second one, "?" header fields.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const mailto = /^mailto:[^\u0000- "(),:;<>?@[\\\]^`{|}#\u007F-\u00A0]+@(?:[^\u0000-,/:-@[-`{-\u00A0]+|\[[\w.:]+\])$/;

/** A mailto IRI with one e-mail address. */
export function isMailto(text: string): boolean {
  if (!mailto.test(text)) return false;
  const domain = text.slice(text.lastIndexOf('@') + 1);
  return !domain.startsWith('.') && !domain.endsWith('.') && !domain.includes('..') && text.isWellFormed();
}

const sha1 = /^[0-9a-f]{40}$/i;

/** A SHA-1 hash in hexadecimal. */
export function isSha1(text: string): boolean {
  return sha1.test(text);
}

const version = /^1\.0(?:\.\d+(?:-[0-9a-z-]+)?)?$/i;

/** A version of the standard that 1.0.3 accepts: 1.0, or 1.0.x in the form of Semantic Versioning 1.0.0. */
export function isVersion(text: string): boolean {
  return version.test(text);
}

const mediaType = /^[!#$%&'*+.^_`|~\w-]+\/[!#$%&'*+.^_`|~\w-]+[ \t]*(?:;|$)/;

/** An Internet media type (RFC 2046); parameters are not looked into. */
export function isMediaType(text: string): boolean {
  return mediaType.test(text);
}

const weeks = /^P\d+(?:[.,]\d+)?W$/;
const components =
  /^P(?=\d|T\d)(?:\d+(?:[.,]\d+)?Y)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?D)?(?:T(?=\d)(?:\d+(?:[.,]\d+)?H)?(?:\d+(?:[.,]\d+)?M)?(?:\d+(?:[.,]\d+)?S)?)?$/;
const fractionBeforeLast = /[.,]\d+[A-Z]./;

/**
 * An ISO 8601:2004 duration in the format with designators (4.4.3.2): weeks alone, or years to seconds, of which only
 * the last may have a fraction.
 */
export function isDuration(text: string): boolean {
  return weeks.test(text) || (components.test(text) && !fractionBeforeLast.test(text));
}
