import { count, number, object, text, texts, uuid } from './values.ts';

/** The words of the events `generation.*`, in the order in which they come when their times are equal. */
export const generationKinds = ['requested', 'started', 'progressed', 'completed', 'failed', 'cancelled'] as const;
export type GenerationKind = (typeof generationKinds)[number];

/** An event of one generation session, as `generation_event` keeps it. */
export interface GenerationEvent {
  readonly statementId: string;
  readonly kind: GenerationKind;
  /** Statement time: UTC with microseconds, so that two of them compare as text. */
  readonly occurred: string;
  /** Agent key of the actor. */
  readonly agentKey: string | null;
  /** The event's extensions by their bare names, as they came. */
  readonly extensions: Readonly<Record<string, unknown>>;
}

export type GenerationStatus = 'requested' | 'processing' | 'completed' | 'failed' | 'cancelled';

/** The state of a generation session: that of its latest attempt. Times are UTC text. */
export interface Generation {
  /** From 1; a request after a failure opens the next. */
  readonly attempt: number;
  readonly status: GenerationStatus;
  readonly promptConfig: Readonly<Record<string, unknown>> | null;
  readonly sourceDocumentIds: readonly string[] | null;
  /** 0 to 100; never goes back within an attempt. */
  readonly progressPercentage: number | null;
  readonly currentStep: string | null;
  readonly errorMessage: string | null;
  readonly errorType: string | null;
  readonly contentId: string | null;
  readonly generatedContentSize: number | null;
  readonly tokensUsed: number | null;
  readonly durationSeconds: number | null;
  /** Who asked for it. */
  readonly agentKey: string | null;
  /** Of the first request. */
  readonly createdAt: string | null;
  /** Of the attempt's request. */
  readonly requestedAt: string | null;
  readonly startedAt: string | null;
  /** Of the attempt's terminal event. */
  readonly completedAt: string | null;
  /** Terminal events, of any attempt, that say another thing than the first one by time. */
  readonly contradictions: number;
}

const unknown: Generation = {
  attempt: 1,
  status: 'requested',
  promptConfig: null,
  sourceDocumentIds: null,
  progressPercentage: null,
  currentStep: null,
  errorMessage: null,
  errorType: null,
  contentId: null,
  generatedContentSize: null,
  tokensUsed: null,
  durationSeconds: null,
  agentKey: null,
  createdAt: null,
  requestedAt: null,
  startedAt: null,
  completedAt: null,
  contradictions: 0,
};

/**
 * The state that a session's events make: a function of their set, so that no order of arrival matters. Each is applied
 * in the order of statement time, kind, statement id (decision 0006).
 */
export function generationOf(events: readonly GenerationEvent[]): Generation {
  return [...events].sort(compareEvents).reduce(apply, unknown);
}

function compareEvents(left: GenerationEvent, right: GenerationEvent): number {
  return (
    compare(left.occurred, right.occurred) ||
    generationKinds.indexOf(left.kind) - generationKinds.indexOf(right.kind) ||
    compare(left.statementId, right.statementId)
  );
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function apply(generation: Generation, event: GenerationEvent): Generation {
  switch (event.kind) {
    case 'requested':
      return requested(generation, event);
    case 'started':
      if (isTerminal(generation)) return generation;
      return { ...generation, status: 'processing', startedAt: generation.startedAt ?? event.occurred };
    case 'progressed':
      return isTerminal(generation) ? generation : progressed(generation, event);
    default:
      return terminated(generation, event.kind, event);
  }
}

function isTerminal({ status }: Generation): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** Clocks differ, so the first attempt also holds what is dated before its request, a failure included. */
function requested(generation: Generation, { occurred, agentKey, extensions }: GenerationEvent): Generation {
  const isFirst = generation.requestedAt === null;
  if (!isFirst && generation.status !== 'failed') return generation;
  const { attempt, contradictions } = generation;
  return {
    ...(isFirst ? generation : { ...unknown, attempt: attempt + 1, contradictions }),
    promptConfig: object(extensions['prompt_config']),
    sourceDocumentIds: texts(extensions['source_document_ids']),
    agentKey,
    createdAt: generation.createdAt ?? occurred,
    requestedAt: occurred,
  };
}

function progressed(generation: Generation, { extensions }: GenerationEvent): Generation {
  const percentage = number(extensions['progress_percentage']);
  const processing = { ...generation, status: 'processing' } as const;
  if (percentage === null || percentage < 0 || percentage > 100) return processing;
  if (percentage < (generation.progressPercentage ?? 0)) return processing;
  return {
    ...processing,
    progressPercentage: percentage,
    currentStep: text(extensions['current_step']) ?? generation.currentStep,
  };
}

function terminated(
  generation: Generation,
  status: 'completed' | 'failed' | 'cancelled',
  { occurred, extensions }: GenerationEvent,
): Generation {
  if (isTerminal(generation)) {
    return status === generation.status ? generation : { ...generation, contradictions: generation.contradictions + 1 };
  }
  const after = { ...generation, status, completedAt: occurred };
  if (status === 'cancelled') return after;
  const durationSeconds = number(extensions['duration_seconds']);
  if (status === 'failed') {
    return {
      ...after,
      durationSeconds,
      errorMessage: text(extensions['error_message']),
      errorType: text(extensions['error_type']),
    };
  }
  return {
    ...after,
    durationSeconds,
    progressPercentage: 100,
    contentId: uuid(extensions['content_id']),
    generatedContentSize: count(extensions['generated_content_size']),
    tokensUsed: count(extensions['tokens_used']),
  };
}
