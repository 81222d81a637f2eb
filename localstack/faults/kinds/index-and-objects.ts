import { statementAlias } from '../../../functions/core/search/index-template.ts';
import type { Fault } from '../fault.ts';
import { type HttpAnswer, jsonAnswer } from '../proxy/http-proxy.ts';
import type { Stage } from '../stage.ts';
import { answering, isBulk, isDeadLetter } from './moments.ts';

export const storeFaults: readonly Fault[] = [
  {
    name: 'opensearch-429-storm',
    does: 'three of four bulk requests are throttled: as a whole, or item by item',
    seconds: { full: 8, short: 2 },
    random: true,
    begin: async ({ opensearch }, hit) => {
      let asked = 0;
      const end = answering(
        opensearch,
        isBulk,
        async (request, next) => {
          asked += 1;
          if (asked % 4 === 0) return next(request);
          return asked % 2 === 0 ? wholeThrottled : itemsThrottled(request.body);
        },
        hit,
      );
      return async () => end();
    },
  },
  {
    name: 'opensearch-mapping-error',
    does: 'one document of each bulk request is spoiled on its way, so that the real mapping refuses it; the first five times',
    seconds: { full: 5, short: 2 },
    random: true,
    begin: async ({ opensearch }, hit) => {
      let left = 5;
      const end = opensearch.use(async (asked, next) => {
        if (!isBulk(asked) || left <= 0) return next(asked);
        left -= 1;
        hit();
        return next({ ...asked, body: spoiled(asked.body) });
      });
      return async () => end();
    },
  },
  {
    name: 'opensearch-read-only-block',
    does: 'every index has the block that a full disk sets',
    seconds: { full: 8, short: 2 },
    random: true,
    hold: 'opensearch',
    begin: async (stage, hit) => {
      await block(stage, true);
      hit();
      return () => block(stage, null);
    },
  },
  {
    name: 'opensearch-answer-lost',
    does: 'the connection breaks after a bulk request is done and before its answer; the first five times',
    seconds: { full: 5, short: 1 },
    random: true,
    begin: async ({ opensearch }, hit) => {
      let left = 5;
      const end = opensearch.use(async (asked, next) => {
        const answer = await next(asked);
        if (!isBulk(asked) || left <= 0) return answer;
        left -= 1;
        hit();
        return 'cut';
      });
      return async () => end();
    },
  },
  {
    name: 'opensearch-credentials-refused',
    does: 'the domain answers 403 as it does to a role without access; for a minute in a full run',
    seconds: { full: 60, short: 3 },
    random: true,
    begin: async ({ opensearch }, hit) => {
      const message = 'User: arn:aws:sts::000000000000:assumed-role/role is not authorized to perform: es:ESHttpPost';
      const end = answering(opensearch, isBulk, () => jsonAnswer(403, { Message: message }), hit);
      return async () => end();
    },
  },
  {
    name: 's3-throttled',
    does: 'S3 answers 503 SlowDown to dead letters',
    seconds: { full: 12, short: 2 },
    random: true,
    begin: async ({ aws }, hit) => {
      const end = answering(aws, isDeadLetter, () => s3Error(503, 'SlowDown', 'Please reduce your request rate.'), hit);
      return async () => end();
    },
  },
  {
    name: 's3-refuses-dead-letters',
    does: 'S3 answers 403 AccessDenied to dead letters',
    seconds: { full: 12, short: 2 },
    random: true,
    begin: async ({ aws }, hit) => {
      const end = answering(aws, isDeadLetter, () => s3Error(403, 'AccessDenied', 'Access Denied'), hit);
      return async () => end();
    },
  },
];

const rejected = { type: 'rejected_execution_exception', reason: 'rejected execution of coordinating operation' };

/** OpenSearch's answer where its write queue is full: no `errors`, no `items`. */
const wholeThrottled = jsonAnswer(429, { error: { root_cause: [rejected], ...rejected }, status: 429 });

function itemsThrottled(body: Buffer): HttpAnswer {
  const actions = bulkLines(body).filter((_, position) => position % 2 === 0);
  const items = actions.map((action) => {
    const { index } = JSON.parse(action);
    return { index: { _index: index._index, _id: index._id, status: 429, error: rejected } };
  });
  return jsonAnswer(200, { took: 1, errors: true, items });
}

/** The first document gets a field that the strict mapping does not have. */
function spoiled(body: Buffer): Buffer {
  const lines = bulkLines(body);
  const document = JSON.parse(lines[1] ?? '{}');
  return Buffer.from(
    [lines[0], JSON.stringify({ ...document, not_in_the_mapping: true }), ...lines.slice(2), ''].join('\n'),
  );
}

function bulkLines(body: Buffer): string[] {
  return body.toString().trimEnd().split('\n');
}

async function block({ search }: Stage, on: true | null): Promise<void> {
  await search.indices.putSettings({
    index: `${statementAlias}-*`,
    body: { 'index.blocks.read_only_allow_delete': on },
  });
}

function s3Error(status: number, code: string, message: string): HttpAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}
