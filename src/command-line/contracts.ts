import { z } from 'zod';
import type { ContractDefinition, MethodDefinition, StreamDefinition } from '#base/contract.ts';
import { Expression, NESTED_EXPRESSIONS } from '#domain/requirement/requirement.ts';
import type { ComponentDefinitions } from '#platform/component.ts';

/** `emcee contracts`: every contract as JSON Schema, so that a program in any language can speak it. */
export async function printContracts(
  components: ComponentDefinitions,
  name: string | undefined,
): Promise<void> {
  const loaded = await Promise.all(
    [...components.values()].map(async (each) => (await each.contracts?.()) ?? []),
  );
  const contracts = loaded.flat();
  const asked = contracts.filter((each) => name === undefined || each.name === name);
  if (asked.length === 0) {
    const names = contracts.map((each) => each.name).join(', ');
    throw new Error(`Cannot find a contract "${name}": there are ${names}`);
  }
  console.log(JSON.stringify(asked.map(describeContract), undefined, 2));
}

/** One contract as plain data. */
export function describeContract(contract: ContractDefinition): object {
  return {
    name: contract.name,
    version: contract.version,
    methods: mapValues(contract.methods, describeMethod),
    streams: mapValues(contract.streams ?? {}, describeStream),
  };
}

const describeMethod = (method: MethodDefinition): object => ({
  params: schemaOf(method.params),
  result: schemaOf(method.result),
  errors: mapValues(method.errors ?? {}, schemaOf),
  roles: method.roles,
  idempotent: method.idempotent ?? false,
});

const describeStream = (stream: StreamDefinition): object => ({
  params: stream.params ? schemaOf(stream.params) : null,
  event: schemaOf(stream.event),
  cursor: stream.cursor ? schemaOf(stream.cursor) : null,
  roles: stream.roles,
});

const NAMES = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries({ Expression, ...NESTED_EXPRESSIONS })) {
  NAMES.add(schema, { id });
}

/** As it looks on the wire, which is what goes in. */
const schemaOf = (schema: z.ZodType): object =>
  z.toJSONSchema(schema, { io: 'input', metadata: NAMES });

const mapValues = <T>(values: Readonly<Record<string, T>>, map: (value: T) => object): object =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value)]));
