import type { ContractDefinition } from '#base/contract.ts';

/**
 * For each method, what makes of its JSON result what the contract's types say. JSON has no
 * `undefined`: it travels as null, and comes back as `undefined` where the contract has no null.
 */
export function absencesOf(
  contract: ContractDefinition,
): ReadonlyMap<string, (value: unknown) => unknown> {
  return new Map(
    Object.entries(contract.methods).map(([name, { result }]) => {
      const hasNull = result.safeParse(null).success;
      return [name, (value) => (value === null && !hasNull ? undefined : value)];
    }),
  );
}
