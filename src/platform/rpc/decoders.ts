import type { z } from 'zod';
import { CallFailure } from '#base/call-failure.ts';
import type { ContractDefinition } from '#base/contract.ts';
import { validatorOf } from './parser.ts';

/** Makes of JSON what a contract's types say. @throws {CallFailure} `bad-answer`. */
export type Decoder = (value: unknown) => unknown;

/** How a client reads what comes back, by the names of methods and streams. */
export interface Decoders {
  readonly results: ReadonlyMap<string, Decoder>;
  readonly events: ReadonlyMap<string, Decoder>;
  readonly cursors: ReadonlyMap<string, Decoder>;
}

export function decodersOf(contract: ContractDefinition): Decoders {
  const streams = Object.entries(contract.streams ?? {});
  return {
    results: new Map(
      Object.entries(contract.methods).map(([name, { result }]) => [
        name,
        resultDecoder(name, result),
      ]),
    ),
    events: new Map(streams.map(([name, { event }]) => [name, decoder(name, event)])),
    cursors: new Map(
      streams.flatMap(([name, { cursor }]) => (cursor ? [[name, decoder(name, cursor)]] : [])),
    ),
  };
}

function resultDecoder(name: string, schema: z.ZodType): Decoder {
  const decode = decoder(name, schema);
  return hasNull(schema) ? decode : (value) => decode(value === null ? undefined : value);
}

/** JSON has no `undefined`: it travels as null, and comes back as itself where the contract has no null. */
export const hasNull = (schema: z.ZodType): boolean => schema.safeParse(null).success;

function decoder(name: string, schema: z.ZodType): Decoder {
  const validate = validatorOf(schema);
  return (value) => {
    try {
      return validate(value);
    } catch (cause) {
      const text = `The answer to "${name}" is not what the contract says`;
      throw new CallFailure('bad-answer', text, { cause });
    }
  };
}
