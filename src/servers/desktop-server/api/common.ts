import { z } from 'zod';
import { Readiness } from '#domain/agent/state.ts';
import { Place } from '#domain/work-item/event.ts';

/** A page of a long list begins behind this many. */
export const Offset = z.coerce.number().int().min(0).max(100_000).default(0);
export const Limit = z.coerce.number().int().min(1).max(200).default(50);
export const Nothing = z.object({});

const [ready, notReady] = Readiness.options;
const [toQueue, toAgent] = Place.options;

/** Readiness as it is asked for: a field that it has not is a slip, and to ignore it would lose what was meant. */
export const AskedReadiness = z.discriminatedUnion('state', [ready.strict(), notReady.strict()]);

/** Where something is asked to go. */
export const AskedPlace = z.union([toQueue.strict(), toAgent.strict()], {
  error: 'it names a queue or an agent, one of both',
});

/** Every refusal has this form, whatever its status. */
export const ApiError = z.object({
  error: z.object({
    /** Stable: programs decide by it. */
    code: z.string(),
    /** One sentence for a person. */
    message: z.string(),
    data: z.unknown().optional(),
  }),
});
export type ApiError = z.infer<typeof ApiError>;
