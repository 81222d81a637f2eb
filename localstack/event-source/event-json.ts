/**
 * One Kafka record as the event source holds it: its coordinates, and its part of the event already written as JSON.
 *
 * The JSON is written once, when the record arrives, and is pure ASCII: so its length is its size in bytes, the
 * payload limit is checked without writing anything again, and a retry joins the same strings.
 */
export interface SourceRecord {
  /** `<topic>-<partition>`, the key of its list in the event. */
  readonly source: string;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The record as it stands in the event. */
  readonly json: string;
}

/** What a Kafka client knows of one record. */
export interface KafkaRecordFields {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly timestampType: 'CREATE_TIME' | 'LOG_APPEND_TIME';
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [Buffer | null, Buffer | null])[];
}

/** What every event of a mapping begins with. */
export interface EventEnvelope {
  readonly eventSourceArn: string;
  readonly bootstrapServers: string;
}

const suffix = '}}';
const comma = 0x2c;

/** The name under which a partition's records stand in the event and in a batch item failure. */
export function sourceOf(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/**
 * Writes one record as Lambda's Kafka event has it.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
 */
export function toSourceRecord(fields: KafkaRecordFields): SourceRecord {
  const { topic, partition, offset, timestamp, timestampType, key, value, headers } = fields;
  const json =
    `{"topic":"${topic}","partition":${partition},"offset":${offset},"timestamp":${timestamp},` +
    `"timestampType":"${timestampType}","key":${base64(key)},"value":${base64(value)},"headers":${headerList(headers)}}`;
  return { source: sourceOf(topic, partition), offset, timestamp, json };
}

/**
 * The event of some records, ready to send; partitions stand in the order of their first record. Written straight
 * into its buffer: strings as long as an event are dear to collect.
 */
export function eventBody(envelope: EventEnvelope, records: readonly SourceRecord[]): Buffer {
  const bySource = new Map<string, string[]>();
  for (const { source, json } of records) {
    const list = bySource.get(source);
    if (list === undefined) {
      bySource.set(source, [json]);
    } else {
      list.push(json);
    }
  }
  const body = Buffer.allocUnsafe(eventSize(envelope, records));
  let at = body.write(prefix(envelope), 0, 'latin1');
  let betweenSources = '';
  for (const [source, list] of bySource) {
    at += body.write(`${betweenSources}"${source}":[`, at, 'latin1');
    betweenSources = ',';
    let betweenRecords = false;
    for (const json of list) {
      if (betweenRecords) {
        body[at] = comma;
        at += 1;
      }
      betweenRecords = true;
      at += body.write(json, at, 'latin1');
    }
    at += body.write(']', at, 'latin1');
  }
  at += body.write(suffix, at, 'latin1');
  return body.subarray(0, at);
}

/** Counts the size of an event while records are added, without writing it. */
export interface SizeMeter {
  readonly size: number;
  /** The size in bytes that the event would have with this record added. */
  with(record: SourceRecord): number;
  add(record: SourceRecord): void;
}

/** A meter for an event that has no records yet. */
export function createSizeMeter(envelope: EventEnvelope): SizeMeter {
  const sources = new Set<string>();
  let size = prefix(envelope).length + suffix.length;
  const withRecord = ({ source, json }: SourceRecord): number => {
    if (sources.has(source)) {
      return size + json.length + 1;
    }
    return size + json.length + source.length + 5 + (sources.size > 0 ? 1 : 0);
  };
  return {
    get size() {
      return size;
    },
    with: withRecord,
    add(record) {
      size = withRecord(record);
      sources.add(record.source);
    },
  };
}

/** The size in bytes of the event of some records. */
export function eventSize(envelope: EventEnvelope, records: readonly SourceRecord[]): number {
  const meter = createSizeMeter(envelope);
  for (const record of records) {
    meter.add(record);
  }
  return meter.size;
}

function prefix({ eventSourceArn, bootstrapServers }: EventEnvelope): string {
  return (
    `{"eventSource":"aws:kafka","eventSourceArn":${asciiString(eventSourceArn)},` +
    `"bootstrapServers":${asciiString(bootstrapServers)},"records":{`
  );
}

function base64(bytes: Buffer | null): string {
  return bytes === null ? 'null' : `"${bytes.toString('base64')}"`;
}

/**
 * A header's bytes are written signed, -128 to 127, as AWS's Java pollers do.
 * @see https://github.com/aws-powertools/powertools-lambda-python/issues/6862
 */
function headerList(headers: KafkaRecordFields['headers']): string {
  if (headers.length === 0) {
    return '[]';
  }
  const parts = headers.map(([name, value]) => {
    const bytes = value === null ? '' : new Int8Array(value.buffer, value.byteOffset, value.length).join(',');
    return `{${asciiString(name === null ? '' : name.toString('utf8'))}:[${bytes}]}`;
  });
  return `[${parts.join(',')}]`;
}

function asciiString(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
