/** Texts remembered per predicate, and the longest that is. */
const capacity = 1_000;
const longest = 200;

/**
 * The predicate, remembering texts that it took: extension keys and language tags come again in every statement. What is
 * remembered is bounded and changes no answer.
 */
export function remembering(predicate: (text: string) => boolean): (text: string) => boolean {
  const taken = new Set<string>();
  return (text) => {
    if (taken.has(text)) return true;
    if (!predicate(text)) return false;
    if (text.length <= longest) {
      if (taken.size >= capacity) taken.clear();
      taken.add(text);
    }
    return true;
  };
}
