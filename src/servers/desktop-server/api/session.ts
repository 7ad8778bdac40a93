import { z } from 'zod';
import { defineApi } from '#base/http-api.ts';
import { Role } from '#domain/configuration/documents.ts';
import { AgentId, Channel, CodeId } from '#domain/ids.ts';
import { AgentStatus, Device } from '#domain/agent/agent-status.ts';
import { AskedReadiness, Nothing } from './common.ts';

/** Who is signed in, in a browser or by a token. */
export const Me = z.object({
  /** Left out for an integration that acts for nobody. */
  agent: AgentId.optional(),
  name: z.string(),
  roles: z.array(Role),
  channels: z.array(Channel),
});
export type Me = z.infer<typeof Me>;

/** Signing in, and an agent's own state. */
export const sessionApi = defineApi({
  signIn: {
    method: 'POST',
    path: '/session',
    body: z.object({ login: z.string().max(120), password: z.string().max(200) }),
    result: Me,
    roles: ['nobody-yet'],
    summary: 'Signs in a person; the answer sets a session cookie.',
    errors: { 'wrong-credentials': 401, 'too-many-tries': 429 },
  },
  signInByLink: {
    method: 'POST',
    path: '/session/link',
    body: z.object({ token: z.string().max(100) }),
    result: Me,
    roles: ['nobody-yet'],
    summary: 'Signs in by a one-time link.',
    errors: { 'bad-link': 401, 'too-many-tries': 429 },
  },
  me: {
    method: 'GET',
    path: '/session',
    result: Me,
    roles: ['everybody'],
    summary: 'Who is signed in.',
  },
  signOut: {
    method: 'DELETE',
    path: '/session',
    result: Nothing,
    roles: ['everybody'],
    summary: 'Ends the session in this browser.',
  },
  setUpState: {
    method: 'GET',
    path: '/set-up',
    result: z.object({ done: z.boolean() }),
    roles: ['nobody-yet'],
    summary: 'Whether the centre has been set up.',
  },
  checkSetUpLink: {
    method: 'POST',
    path: '/set-up/check',
    body: z.object({ token: z.string().max(100) }),
    result: Nothing,
    roles: ['nobody-yet'],
    summary: 'Whether a set-up link still works.',
    errors: { 'bad-link': 401, 'too-many-tries': 429 },
  },
  setUp: {
    method: 'POST',
    path: '/set-up',
    body: z.object({
      token: z.string().max(100),
      organisation: z.object({ name: z.string(), language: z.string(), timeZone: z.string() }),
      administrator: z.object({ name: z.string(), login: z.string(), password: z.string() }),
      queue: z.object({ name: z.string() }),
      /** Left out: the administrator is the first agent too. */
      agent: z.object({ name: z.string(), login: z.string(), password: z.string() }).optional(),
      greeting: z.string().max(2_000).default(''),
    }),
    result: z.object({ me: Me, entryPoint: z.string() }),
    roles: ['nobody-yet'],
    summary: 'Sets the centre up and signs the administrator in.',
    errors: { 'bad-link': 401, 'too-many-tries': 429, invalid: 422 },
  },

  logIn: {
    method: 'POST',
    path: '/me/log-in',
    body: z.object({
      station: z.string().min(1).max(64),
      takeOver: z.boolean().default(false),
      /** What calls ring at. */
      device: Device.optional(),
    }),
    result: AgentStatus,
    roles: ['agent', 'supervisor'],
    summary:
      'Logs the agent in at a station, not ready. A supervisor must be, to listen or speak in a conversation.',
    errors: { 'logged-in-elsewhere': 409, 'no-seat': 403, 'unknown-agent': 404 },
  },
  logOut: {
    method: 'POST',
    path: '/me/log-out',
    result: Nothing,
    roles: ['agent'],
    summary: 'Logs the agent out; refused while they have work.',
    errors: { 'has-work': 409, 'not-logged-in': 409 },
  },
  setReadiness: {
    method: 'PUT',
    path: '/me/readiness',
    body: AskedReadiness,
    result: AgentStatus,
    roles: ['agent'],
    summary:
      'Ready, for all channels or all but some, or not ready with a reason; the latter takes effect when work ends.',
    errors: { 'not-logged-in': 409, 'unknown-code': 422 },
  },
  reportDevice: {
    method: 'PUT',
    path: '/me/devices/{channel}',
    params: z.object({ channel: Channel }),
    body: z.object({ fault: CodeId.optional() }),
    result: Nothing,
    roles: ['agent'],
    summary:
      'Says that what a channel needs at this station works, or why not: then nothing of it is offered.',
    errors: { 'not-logged-in': 409 },
  },
  endWrapUp: {
    method: 'POST',
    path: '/me/wrap-ups/{item}/end',
    params: z.object({ item: z.string() }),
    body: z.object({ code: z.string().optional() }),
    result: Nothing,
    roles: ['agent'],
    summary: 'Ends wrap-up of a work item before its time.',
    errors: { 'code-required': 422, 'unknown-code': 422, 'not-logged-in': 409 },
  },
  mySettings: {
    method: 'GET',
    path: '/me/settings',
    query: z.object({ machine: z.string().max(80).optional() }),
    result: z.object({
      values: z.record(z.string(), z.object({ value: z.unknown(), scope: z.string() })),
    }),
    roles: ['everybody'],
    summary: 'The desktop settings that hold here, and where each comes from.',
  },
  putMySettings: {
    method: 'PUT',
    path: '/me/settings',
    body: z.object({ values: z.record(z.string().max(80), z.unknown()) }),
    result: Nothing,
    roles: ['everybody'],
    summary: 'Sets one’s own desktop settings.',
    errors: { invalid: 422 },
  },
});
