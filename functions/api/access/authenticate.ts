import type { Pepper } from '../../core/people/person.ts';
import { type Problem, problem, unavailable } from '../http/problem.ts';
import { userKey } from './learner.ts';
import type { Caller } from './role.ts';
import type { TokenVerifier } from './token.ts';

export type Authenticated = { readonly kind: 'caller'; readonly caller: Caller } | Problem;

/** The caller, or 401 with what RFC 6750 wants said, or 503 if the issuer's keys cannot be had. */
export async function authenticate(
  authorization: string | undefined,
  verify: TokenVerifier,
  pepper: Pepper,
): Promise<Authenticated> {
  const verdict = await verify(authorization);
  switch (verdict.kind) {
    case 'valid': {
      const { userId, role } = verdict.claims;
      return { kind: 'caller', caller: { userId, role, agentKey: userKey(userId, pepper) } };
    }
    case 'missing':
      return unauthorised('A bearer token is needed', 'Bearer realm="nlj"');
    case 'invalid':
      return unauthorised(
        verdict.reason,
        `Bearer realm="nlj", error="invalid_token", error_description="${verdict.reason}"`,
      );
    case 'unavailable':
      return unavailable('The issuer of tokens');
  }
}

function unauthorised(detail: string, challenge: string): Problem {
  return problem(401, detail, { headers: { 'WWW-Authenticate': challenge } });
}
