import { type Access, rolesOf } from '../../functions/api/access/access.ts';
import { type Role, roles } from '../../functions/api/access/role.ts';
import { accessText } from '../../functions/api/openapi.ts';
import type { Route } from '../../functions/api/route.ts';

/** What is wrong with a caller's token, or who he is and whether what he asks for is his own. */
export type Attempt =
  | { readonly kind: 'no valid token'; readonly token: (typeof badTokens)[number] }
  | { readonly kind: 'caller'; readonly role: Role; readonly whose: (typeof whose)[number] };

export const badTokens = ['none', 'expired', 'wrong audience', 'wrong key'] as const;
export const whose = ['own', 'other'] as const;

/** What comes of an attempt: an answer, or a refusal. */
export type Verdict = 'ok' | 401 | 403;

/** The columns of the matrix. */
export const attempts: readonly Attempt[] = [
  ...badTokens.map((token): Attempt => ({ kind: 'no valid token', token })),
  ...roles.flatMap((role) => whose.map((one): Attempt => ({ kind: 'caller', role, whose: one }))),
];

/** Access rules for which it matters whose a thing is, or which part is asked for. */
export function isPersonal(access: Access): boolean {
  return access === 'self' || access === 'owner' || access === 'dashboard';
}

/** A cell of the matrix. */
export function verdictOf(access: Access, attempt: Attempt): Verdict {
  if (access === 'public') return 'ok';
  if (attempt.kind === 'no valid token') return 401;
  const { role } = attempt;
  if (isPersonal(access)) return attempt.whose === 'own' || role === 'ADMIN' ? 'ok' : 403;
  const allowed = rolesOf(access);
  return allowed === 'any' || allowed.includes(role) ? 'ok' : 403;
}

/** docs/authorisation.md: every route with every attempt. */
export function authorisationDocument(routes: readonly Route[]): string {
  const header = ['route', ...badTokens, ...roles.flatMap((role) => [role, 'of another'])];
  const rows = routes.map((route) => [
    `${route.method} \`${route.path}\``,
    ...attempts.map((attempt) =>
      attempt.kind === 'caller' && attempt.whose === 'other' && !isPersonal(route.access)
        ? ''
        : String(verdictOf(route.access, attempt)),
    ),
  ]);
  const rules = [...new Set(routes.map(({ access }) => access))].map(
    (access) => `- \`${access}\`: ${accessText(access)}`,
  );
  return `# Who may call what

Made from the definitions in \`functions/api/routes/\` by \`npm run docs:authorisation\`; a unit test keeps it so, and \`test/e2e/api-access.test.ts\` tries each cell.

A token has the user id in \`sub\` and one role in \`role\`. _None_, _expired_, _wrong audience_ and _wrong key_ are 401 with \`WWW-Authenticate\`.
_Of another_: somebody else's learner, booking or generation session, or a part of the dashboard for a higher role; empty where a thing is nobody's. \`ok\` is 200 or 202.
Who may not see a thing hears 403 whether or not it exists.

${rules.join('\n')}

${table([header, ...rows])}
`;
}

/** A Markdown table whose columns are padded, as the formatter wants them. */
function table([header = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const padded = (cells: readonly string[]) => line(cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return [padded(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(padded)].join('\n');
}
