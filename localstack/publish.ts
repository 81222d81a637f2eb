import { createReadStream } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { allTopics } from '../lib/catalogue.ts';
import { readEndpoints } from './endpoints.ts';
import { linesOf } from './workload/lines.ts';
import type { OutgoingMessage } from './workload/message.ts';
import { assertBroker, type Compression, compressions, openSender } from './workload/send.ts';

interface PublishOptions {
  readonly topic: string;
  readonly key?: string;
  readonly keyFrom?: string;
  readonly header: NonNullable<OutgoingMessage['headers']>;
  readonly compression: Compression;
  readonly kafka?: string;
}

/** Lines that are sent in one go. */
const sendEvery = 1_000;

const program = new Command('publish')
  .description(
    'Sends each line of a JSON-lines file (or of standard input) as one message to a topic, byte for byte. Lines end with LF or CRLF; empty ones are skipped.',
  )
  .argument('[file]', 'file of statements, one per line; standard input if absent or "-"')
  .addOption(
    new Option('-t, --topic <name>', 'topic to publish to')
      .choices(allTopics.map(({ name }) => name))
      .makeOptionMandatory(),
  )
  .addOption(new Option('-k, --key <text>', 'key of every message').conflicts('keyFrom'))
  .option('--key-from <path>', 'member of the statement that is the key, such as id or actor.account.name')
  .option('-H, --header <name=value>', 'header of every message; may be repeated', addHeader, [])
  .addOption(new Option('-c, --compression <codec>', 'compression').choices(compressions).default('gzip'))
  .option('--kafka <host:port>', 'broker; by default the one that `npm start` runs')
  .action(publish);

async function publish(file: string | undefined, options: PublishOptions): Promise<void> {
  const bootstrap = options.kafka ?? (await readEndpoints()).kafka;
  const input = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  await assertBroker(bootstrap);
  const sender = openSender(bootstrap, options.compression);
  let sent = 0;
  let waiting: OutgoingMessage[] = [];
  const send = async (): Promise<void> => {
    await sender.send(waiting);
    sent += waiting.length;
    waiting = [];
  };
  try {
    let number = 0;
    for await (const line of linesOf(input)) {
      number += 1;
      if (line.length > 0) waiting.push(messageOf(line, number, options));
      if (waiting.length >= sendEvery) await send();
    }
    await send();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${reason}${file === undefined ? '' : ` (${file})`}; ${sent} messages had been published before`, {
      cause: error,
    });
  } finally {
    await sender.close();
  }
  console.log(`${sent} messages published to ${options.topic}`);
}

function messageOf(value: Buffer, line: number, { topic, key, keyFrom, header }: PublishOptions): OutgoingMessage {
  return {
    topic,
    key: keyFrom !== undefined ? keyOf(value, keyFrom, line) : key === undefined ? null : Buffer.from(key),
    value,
    headers: header,
  };
}

/** The text of a member of the statement. @throws Error naming the line where there is no such member. */
function keyOf(value: Buffer, path: string, line: number): Buffer {
  let member: unknown;
  try {
    member = JSON.parse(value.toString());
  } catch {
    throw new Error(`Line ${line} is not JSON, so --key-from cannot read ${path}; use --key, or no key`);
  }
  for (const name of path.split('.')) {
    member =
      typeof member === 'object' && member !== null ? Object.getOwnPropertyDescriptor(member, name)?.value : undefined;
  }
  if (typeof member !== 'string') throw new Error(`Line ${line} has no text at ${path}; use --key, or no key`);
  return Buffer.from(member);
}

type Headers = PublishOptions['header'];

function addHeader(text: string, headers: Headers): Headers {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return [...headers, { name: text.slice(0, at), value: text.slice(at + 1) }];
}

try {
  await program.parseAsync();
} catch (error) {
  console.error(`publish: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
