import { z } from 'zod';

/** A page of a long list begins behind this many. */
export const Offset = z.coerce.number().int().min(0).max(100_000).default(0);
export const Limit = z.coerce.number().int().min(1).max(200).default(50);
export const Nothing = z.object({});

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
