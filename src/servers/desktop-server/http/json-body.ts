import type { FastifyInstance } from 'fastify';
import { Refusal } from '#base/refusal.ts';

/**
 * Lets `app` read JSON bodies. An empty one is none, whatever its type says: clients that name the type of
 * every request must be able to delete. Fields that would change what an object is are refused, by name.
 */
export function readJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    (request, body, done) => {
      if (body.length === 0) return done(null, undefined);
      return parse(request, body, (error, value) => {
        if (error) done(refusalOf(body));
        else done(null, value);
      });
    },
  );
}

function refusalOf(body: string): Refusal {
  const problem = problemOf(body);
  return new Refusal('bad-request', `Cannot accept the body: ${problem}`, {
    problems: [{ path: '', problem }],
  });
}

function problemOf(body: string): string {
  let isPrototype = false;
  try {
    JSON.parse(body, (key, value: unknown) => {
      isPrototype ||= key === '__proto__';
      return value;
    });
  } catch {
    return 'it is no JSON';
  }
  return isPrototype
    ? 'no field may be named "__proto__"'
    : 'no field "constructor" may hold a "prototype"';
}
