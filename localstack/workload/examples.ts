import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { groupOfTopic } from '../../lib/catalogue.ts';
import type { OutgoingMessage } from './message.ts';

const examples = z.array(
  z.object({ name: z.string(), topic: z.string(), key: z.string(), payload: z.record(z.string(), z.json()) }),
);

/** Messages as the platform's producers send them, both generations, on the topics that some group consumes. */
export async function consumedExamples(): Promise<(OutgoingMessage & { readonly name: string })[]> {
  const text = await readFile(new URL('producer-events.json', import.meta.url), 'utf8');
  return examples
    .parse(JSON.parse(text))
    .filter(({ topic }) => groupOfTopic(topic) !== undefined)
    .map(({ name, topic, key, payload }) => ({
      name,
      topic,
      key: keyBytes(key, payload['id']),
      value: Buffer.from(JSON.stringify(payload)),
    }));
}

/** The file writes `(none)` for no key and `<statement id>` where the producer keys by the statement. */
function keyBytes(key: string, statementId: unknown): Buffer | null {
  if (key === '(none)') return null;
  return Buffer.from(key === '<statement id>' ? String(statementId) : key);
}
