import { randomUUID } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { z } from 'zod';
import type { Role } from '../../../functions/api/access/role.ts';
import { checkAnswer } from '../../../functions/api/answer-check.ts';
import { problemSchema } from '../../../functions/api/http/problem.ts';
import { problemStatuses } from '../../../functions/api/openapi.ts';
import { routes } from '../../../functions/api/routes/index.ts';
import { dev } from '../../../lib/stage/dev.ts';
import type { EnvironmentDescription } from '../../../localstack/environment.ts';
import { fetchToken } from '../../../localstack/issuer/issuer.ts';
import { responseStatements } from '../../support/survey.ts';
import type { Run } from './run.ts';
import { openScene } from './scene.ts';

export interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bearer token; none means none. */
  readonly token?: string | null;
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const jsonObject = z.record(z.string(), z.unknown());
const validFor = 3_600;

/** The deployed API as callers see it, through the gateway. */
export function openApi({ endpoints }: Pick<EnvironmentDescription, 'endpoints'>) {
  const known = new Map<string, Promise<string>>();
  const token = (role: Role, user: string = randomUUID()) => {
    const key = `${role} ${user}`;
    const found = known.get(key) ?? fetchToken(endpoints.issuer, { role, user, expiresIn: validFor });
    known.set(key, found);
    return found;
  };
  return {
    token,
    /** A token of a role that is not good. */
    async badToken(kind: 'none' | 'expired' | 'wrong audience' | 'wrong key', role: Role = 'ADMIN') {
      const user = randomUUID();
      switch (kind) {
        case 'none':
          return null;
        case 'expired':
          return fetchToken(endpoints.issuer, { role, user, expiresIn: -validFor });
        case 'wrong audience':
          return fetchToken(endpoints.issuer, { role, user, expiresIn: validFor, audience: 'another' });
        case 'wrong key': {
          const { privateKey } = await generateKeyPair('ES256');
          return new SignJWT({ role })
            .setProtectedHeader({ alg: 'ES256', kid: 'dev-1' })
            .setIssuer(endpoints.issuer)
            .setAudience(dev.api.audience)
            .setSubject(user)
            .setExpirationTime('1h')
            .sign(privateKey);
        }
      }
    },
    async ask(path: string, { method = 'GET', body, headers = {}, token: bearer }: Asked = {}): Promise<Got> {
      const response = await fetch(`${endpoints.api}${path}`, {
        method,
        headers: {
          ...(bearer === undefined || bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const parsed = text === '' ? {} : jsonObject.parse(JSON.parse(text));
      return { status: response.status, headers: response.headers, text, body: parsed };
    },
  };
}

export type Api = ReturnType<typeof openApi>;

/** Holds an answer against the document: its status, its type, its schema. @throws Error */
export function conforms(operationId: string, { status, headers, body }: Got): void {
  const route = routes.find((one) => one.operationId === operationId);
  if (route === undefined) throw new Error(`No route is called ${operationId}`);
  if (status === 304 && route.conditional === true) return;
  if (status === route.success) {
    if (headers.get('content-type') !== 'application/json')
      throw new Error(`${operationId}: ${headers.get('content-type')}`);
    checkAnswer(route, body);
    return;
  }
  if (!problemStatuses(route).some((known) => known === status)) throw new Error(`${operationId} answered ${status}`);
  problemSchema.parse(body);
}

/** A world in which every route has something to answer: of one learner, of another, and of nobody. */
export async function openWorld(run: Run) {
  const scene = await openScene(run);
  const [learner, other, survey] = [randomUUID(), randomUUID(), randomUUID()];
  const of = (user: string) => ({
    booking: randomUUID(),
    generation: randomUUID(),
    user,
  });
  const [own, others] = [of(learner), of(other)];
  const activity = `http://nlj.platform/activities/${randomUUID()}`;
  const messages = [
    scene.message('program.created (A)'),
    scene.message('session.scheduled (A)', { extensions: { capacity: 1 } }),
    ...[own, others].flatMap(({ booking, generation, user }, minute) => [
      scene.message('booking.requested (A)', { minute, actor: user, ids: { '191': booking, '065': user } }),
      scene.message('content.generation.requested (A)', { minute, actor: user, ids: { '2bd': generation } }),
      scene.message('learning activity completed', {
        minute,
        actor: user,
        statement: { object: { id: activity, definition: { name: { 'en-US': 'Forklift' } } } },
      }),
      scene.message('learning activity passed', {
        minute: minute + 10,
        actor: user,
        statement: { object: { id: activity }, result: { success: true, score: { scaled: 0.5 }, response: 'secret' } },
      }),
    ]),
  ];
  const responses = Array.from({ length: 24 }, (_, person) =>
    responseStatements({
      survey,
      person: person === 0 ? learner : `${survey} ${person}`,
      ...(person === 0 ? { actor: { account: { homePage: 'http://nlj.platform', name: learner } } } : {}),
      answers: { q1: { type: 'rating', response: String(1 + (person % 5)), title: 'How was it?' } },
    }),
  ).flat();
  await run.sender.send([
    ...messages,
    ...responses.map((one) => ({
      topic: 'nlj.survey.responses',
      key: Buffer.from(survey),
      value: Buffer.from(JSON.stringify(one)),
    })),
    { topic: 'xapi-events', key: null, value: Buffer.from('a secret that is no JSON') },
  ]);
  const table = await run.settled();
  if (!table.complete) throw new Error(`Not every message is accounted for: ${JSON.stringify(table)}`);
  // Cells take in who arrived half a minute ago.
  await run.pool.query(`update survey_respondent set arrived = arrived - interval '1 hour' where survey_id = $1`, [
    survey,
  ]);
  await run.indexed([]);
  return { own, others, survey, activity, session: scene.id('12d') };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
