/** Grandfathered tags that the grammar does not make (RFC 5646, 2.1 "irregular"). The regular ones it does. */
const irregular = new Set(
  (
    'en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn i-tao i-tay i-tsu ' +
    'sgn-be-fr sgn-be-nl sgn-ch-de'
  ).split(' '),
);

const langtag =
  /^(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*(?<extensions>(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*)(?:-x(?:-[a-z\d]{1,8})+)?$/i;

const privateUse = /^x(?:-[a-z\d]{1,8})+$/i;

/**
 * Whether a language tag is well-formed by RFC 5646: its grammar (extended language subtags, extensions and private
 * use included), or a grandfathered tag; and no extension singleton twice (2.2.6). Subtags are not looked up in the
 * registry.
 *
 * `Intl.getCanonicalLocales` is no use here: it follows Unicode's narrower grammar and refuses extended languages,
 * tags of private use alone and most grandfathered ones.
 */
export function isLanguageTag(tag: string): boolean {
  const match = langtag.exec(tag);
  if (match === null) return privateUse.test(tag) || irregular.has(tag.toLowerCase());
  const extensions = match.groups?.extensions ?? '';
  if (extensions === '') return true;
  const singletons = extensions
    .toLowerCase()
    .split('-')
    .filter((subtag) => subtag.length === 1);
  return new Set(singletons).size === singletons.length;
}
