import { z } from 'zod';
import type { ApiDefinition, RouteDefinition } from '#base/http-api.ts';
import { ApiError } from '../api/common.ts';
import { COMMON_ERRORS } from './api-failure.ts';

/** A part of the document; what it may hold the OpenAPI specification says. */
type Part = Readonly<Record<string, unknown>>;

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly description: string;
  readonly base: string;
  /** Schemas that stand in the document under a name of their own. */
  readonly named: Readonly<Record<string, z.ZodType>>;
  /** Paths that are not routes of the API, as the event socket. */
  readonly paths?: Readonly<Record<string, unknown>>;
  readonly webhooks?: Readonly<Record<string, unknown>>;
}

/** The OpenAPI document of `api`: every route, from the same schemas that validate it. @see OpenAPI 3.1.1 */
export function openApiOf(api: ApiDefinition, options: OpenApiOptions): Part {
  const schemas = new Schemas(options.named);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(api)) {
    (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(name, route, schemas);
  }
  for (const name of Object.keys(options.named)) schemas.reference(name);
  return {
    openapi: '3.1.1',
    info: {
      title: options.title,
      version: options.version,
      description: options.description,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: options.base }],
    security: [{ session: [] }, { token: [] }],
    paths: { ...paths, ...options.paths },
    webhooks: options.webhooks ?? {},
    components: {
      schemas: schemas.all,
      responses: commonFailures(schemas),
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: '__Host-emcee-session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation(name: string, route: RouteDefinition, schemas: Schemas): Part {
  const isOpen = route.roles.includes('nobody-yet');
  return {
    operationId: name,
    summary: route.summary,
    description: `Roles: ${route.roles.join(', ')}.`,
    ...(isOpen && { security: [] }),
    parameters: [
      ...parameters('path', route.params, schemas),
      ...parameters('query', route.query, schemas),
    ],
    ...(route.body && {
      requestBody: {
        required: !route.body.safeParse({}).success,
        content: { 'application/json': { schema: schemas.input(route.body) } },
      },
    }),
    responses: {
      200: {
        description: 'Done.',
        content:
          typeof route.result === 'string'
            ? { [route.result === 'file' ? '*/*' : route.result]: { schema: { type: 'string' } } }
            : { 'application/json': { schema: schemas.output(route.result) } },
      },
      ...failures(route, schemas),
    },
  };
}

function parameters(
  where: 'path' | 'query',
  schema: z.ZodObject | undefined,
  schemas: Schemas,
): Part[] {
  return Object.entries(schema?.shape ?? {}).map(([name, of]) => ({
    name,
    in: where,
    required: where === 'path' || !of.safeParse(undefined).success,
    schema: schemas.input(of),
  }));
}

/** Every status a route can be refused with, and the codes behind it. */
function failures(route: RouteDefinition, schemas: Schemas): Part {
  const own = Object.entries(route.errors ?? {});
  const statuses = new Set([...COMMON_STATUSES, ...own.map(([, status]) => status)]);
  return Object.fromEntries(
    [...statuses].map((status) => {
      const codes = own.filter(([, each]) => each === status).map(([code]) => code);
      return codes.length === 0
        ? [status, { $ref: `#/components/responses/Refused${status}` }]
        : [status, refusal([...codes, ...commonCodes(status)], schemas)];
    }),
  );
}

const COMMON_STATUSES: ReadonlySet<number> = new Set(Object.values(COMMON_ERRORS));

const commonCodes = (status: number): string[] =>
  Object.keys(COMMON_ERRORS).filter((code) => COMMON_ERRORS[code] === status);

function commonFailures(schemas: Schemas): Part {
  return Object.fromEntries(
    [...COMMON_STATUSES].map((status) => [
      `Refused${status}`,
      refusal(commonCodes(status), schemas),
    ]),
  );
}

function refusal(codes: readonly string[], schemas: Schemas): Part {
  const content = { 'application/json': { schema: schemas.output(ApiError) } };
  return { description: `\`${codes.join('`, `')}\``, content };
}

/** JSON Schema of everything, what has a name only once. */
class Schemas {
  readonly all: Record<string, unknown> = {};
  readonly #named: Readonly<Record<string, z.ZodType>>;
  readonly #registry = z.registry<{ id: string }>();

  constructor(named: Readonly<Record<string, z.ZodType>>) {
    this.#named = { ApiError, ...named };
    for (const [id, schema] of Object.entries(this.#named)) this.#registry.add(schema, { id });
  }

  reference(name: string): void {
    const schema = this.#named[name];
    if (schema) this.output(schema);
  }

  /** What a caller sends: a value with a default may be left out. */
  input(schema: z.ZodType): unknown {
    return this.#convert(schema, 'input', 'Input');
  }

  output(schema: z.ZodType): unknown {
    return this.#convert(schema, 'output', '');
  }

  #convert(schema: z.ZodType, io: 'input' | 'output', suffix: string): unknown {
    const wrapped = z.toJSONSchema(z.object({ it: schema }), {
      metadata: this.#registry,
      io,
      unrepresentable: 'any',
    });
    const { properties, $defs = {} } = JSON.parse(
      JSON.stringify(wrapped).replaceAll(
        /"#\/\$defs\/(\w+)"/g,
        `"#/components/schemas/$1${suffix}"`,
      ),
    ) as { properties: { it: unknown }; $defs?: Record<string, Record<string, unknown>> };
    for (const [name, { id: _, ...definition }] of Object.entries($defs)) {
      this.all[`${name}${suffix}`] = definition;
    }
    return properties.it;
  }
}
