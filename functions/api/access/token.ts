import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { z } from 'zod';
import { roles } from './role.ts';

/** What a verified token establishes. */
export interface TokenClaims {
  readonly userId: string;
  readonly role: (typeof roles)[number];
}

export type Verdict =
  | { readonly kind: 'valid'; readonly claims: TokenClaims }
  | { readonly kind: 'missing' }
  /** `reason` is ours, for `error_description`. */
  | { readonly kind: 'invalid'; readonly reason: string }
  /** The issuer's keys cannot be had. */
  | { readonly kind: 'unavailable' };

/** Verifies the `Authorization` header. */
export type TokenVerifier = (authorization: string | undefined) => Promise<Verdict>;

export interface TokenOptions {
  /** Where the issuer publishes its public keys. */
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  /** Time after a fetch in which an unknown key id does not cause another one. Default 10 s. */
  readonly cooldownMillis?: number;
  /** Default: now. */
  readonly now?: () => Date;
}

/** Asymmetric only: with an HMAC among them the public key could be used as its secret. */
export const allowedAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

/** Clocks of issuer and verifier may differ by so much. */
export const clockToleranceSeconds = 60;

/** Keys are fetched again after this time even if none is missing, so that a withdrawn one does not stay. */
const cacheMillis = 10 * 60_000;
const fetchMillis = 3_000;

/** `sub` is the NLJ user id, `role` one role. */
const claimsSchema = z.object({ sub: z.string().min(1).max(200), role: z.enum(roles) });

/**
 * Verifies bearer tokens against the issuer's key set. The set is fetched at the first token, after ten minutes, and once
 * when a token names a key that is not in it: a rotation needs no restart.
 */
export function tokenVerifier(options: TokenOptions): TokenVerifier {
  const { jwksUrl, issuer, audience, cooldownMillis = 10_000, now = () => new Date() } = options;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cooldownDuration: cooldownMillis,
    cacheMaxAge: cacheMillis,
    timeoutDuration: fetchMillis,
  });
  return async (authorization) => {
    const token = bearerOf(authorization);
    if (token.kind !== 'token') return token;
    try {
      const { payload } = await jwtVerify(token.text, keys, {
        issuer,
        audience,
        algorithms: [...allowedAlgorithms],
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['exp', 'sub', 'role'],
        currentDate: now(),
      });
      return verdictOf(payload);
    } catch (error) {
      return failure(error);
    }
  };
}

type Bearer = { readonly kind: 'token'; readonly text: string } | Extract<Verdict, { kind: 'missing' | 'invalid' }>;

function bearerOf(authorization: string | undefined): Bearer {
  if (authorization === undefined || authorization.trim() === '') return { kind: 'missing' };
  const text = /^Bearer +([A-Za-z0-9_.~+/-]+=*) *$/i.exec(authorization)?.[1];
  return text === undefined
    ? { kind: 'invalid', reason: 'The Authorization header is not a bearer token' }
    : { kind: 'token', text };
}

function verdictOf(payload: JWTPayload): Verdict {
  const claims = claimsSchema.safeParse(payload);
  return claims.success
    ? { kind: 'valid', claims: { userId: claims.data.sub, role: claims.data.role } }
    : { kind: 'invalid', reason: 'The token names no user or no role that is known' };
}

/** A token that is not good, apart from keys that could not be fetched or read. */
function failure(error: unknown): Verdict {
  if (error instanceof errors.JWTExpired) return { kind: 'invalid', reason: 'The token has expired' };
  if (error instanceof errors.JWTClaimValidationFailed) {
    return { kind: 'invalid', reason: `The token's ${claimNames.get(error.claim) ?? 'claims'} is not as it must be` };
  }
  const isAboutToken =
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys;
  return isAboutToken ? { kind: 'invalid', reason: 'The token is not one of this issuer' } : { kind: 'unavailable' };
}

const claimNames: ReadonlyMap<string, string> = new Map([
  ['iss', 'issuer'],
  ['aud', 'audience'],
  ['exp', 'expiry'],
  ['nbf', 'time of validity'],
  ['iat', 'time of issue'],
  ['sub', 'user'],
  ['role', 'role'],
]);
