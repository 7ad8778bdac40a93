/** Something that fits a schema, made by chance: what a sound client might say. */
import { z } from 'zod';
import type { Random } from './random.ts';

/** As much of JSON Schema as zod writes. */
interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

/** A value for `schema`; where a schema asks for more than can be told from it, nearly one. */
export function sampleOf(schema: z.ZodType, random: Random): unknown {
  return sample(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema);

  function sample(of: JsonSchema): unknown {
    const choices = of.anyOf ?? of.oneOf ?? of.allOf;
    if (choices) return sample(pick(choices));
    if (of.const !== undefined) return of.const;
    if (of.enum) return pick(of.enum);
    switch (of.type ?? 'any') {
      case 'object':
        return sampleObject(of);
      case 'array':
        return Array.from({ length: random(3) }, () => sample(of.items ?? {}));
      case 'string':
        return sampleText(of);
      case 'integer':
      case 'number':
        return Math.max(of.minimum ?? 0, (of.exclusiveMinimum ?? -1) + 1) + random(3);
      case 'boolean':
        return random(2) === 0;
      case 'null':
        return null;
      default:
        return { any: 'thing' };
    }
  }

  function sampleObject({ properties = {}, additionalProperties, propertyNames }: JsonSchema) {
    const entries = Object.entries(properties).map(([key, inner]) => [key, sample(inner)]);
    if (typeof additionalProperties === 'object') {
      entries.push([
        String(sample(propertyNames ?? { type: 'string' })),
        sample(additionalProperties),
      ]);
    }
    return Object.fromEntries(entries) as Record<string, unknown>;
  }

  function sampleText({ pattern, minLength = 1 }: JsonSchema): string {
    const fitting = pattern === undefined ? [] : TEXTS.filter((t) => new RegExp(pattern).test(t));
    return fitting.length > 0 ? pick(fitting) : pick(TEXTS).padEnd(minLength, 'x');
  }

  function pick<T>(from: readonly T[]): T {
    return from[random(from.length)] as T;
  }
}

/** Nothing here names what the test itself depends on. */
const TEXTS = [
  'agent-1',
  'Some text: Grüße 🙂',
  'a@b.example',
  '10:00',
  '2026-01-05',
  'https://shop.example',
  '01936b3c-0000-7000-8000-000000000001',
  '01936b3c-0000-7000-8000-000000000002',
  'trace.x',
];
