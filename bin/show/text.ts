import type { ShowAnswer } from '../../functions/operations/show/answer.ts';

/** Why there is nothing to show, and what to type instead where something else has the id. */
export function notFoundText({ kind, id, otherKinds }: Extract<ShowAnswer, { readonly outcome: 'not-found' }>): string {
  const [other] = otherKinds;
  if (other === undefined) return `There is no ${kind} ${id}, and nothing else with this id.`;
  return `${id} is no ${kind} but a ${other}: npm run show -- ${other} ${id}`;
}

/** An entity's state, a member a line; lists and groups are indented below their name. */
export function stateText(state: object): string {
  return lines(state, '').join('\n');
}

function lines(value: object, indent: string): string[] {
  return Object.entries(value).flatMap(([name, member]: [string, unknown]) => {
    if (Array.isArray(member)) {
      if (member.length === 0) return [`${indent}${name}: none`];
      return [`${indent}${name}:`, ...member.map((item) => `${indent}  ${flat(item)}`)];
    }
    if (typeof member === 'object' && member !== null) {
      const inner = lines(member, `${indent}  `);
      return inner.length === 0 ? [`${indent}${name}: none`] : [`${indent}${name}:`, ...inner];
    }
    return [`${indent}${name}: ${member ?? '-'}`];
  });
}

/** One item of a list on one line. */
function flat(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item);
  return Object.entries(item)
    .map(([name, value]: [string, unknown]) => `${name} ${value ?? '-'}`)
    .join(', ');
}
