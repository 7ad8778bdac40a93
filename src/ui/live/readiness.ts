import type { Readiness } from '#domain/agent/state.ts';
import type { Configuration } from '#domain/configuration/configuration.ts';
import { CHANNELS, type Channel, type CodeId } from '#domain/ids.ts';
import type { AgentStatus } from '#domain/agent/agent-status.ts';
import { channelNoun } from '../channel-icon.tsx';
import type { Tone } from '../state-dot.tsx';

const RESERVED: Readonly<Record<string, string>> = {
  'logged-in': 'Just logged in',
  'no-answer': 'Did not answer',
  vanished: 'Browser gone',
  'device-error': 'Device failed',
  'by-choice': 'By choice',
};

const reasonName = (configuration: Configuration, reason: CodeId): string =>
  RESERVED[reason] ?? configuration.nameOf('code', reason);

const LIST = new Intl.ListFormat('en', { type: 'disjunction' });

/** What people call it: "Ready", "Ready, not for chat", or the reason of not being so. */
export function readinessName(configuration: Configuration, readiness: Readiness): string {
  if (readiness.state === 'not-ready') return reasonName(configuration, readiness.reason);
  const excepted = CHANNELS.filter((channel) => readiness.except?.[channel] !== undefined);
  if (excepted.length === 0) return 'Ready';
  return `Ready, not for ${LIST.format(excepted.map(channelNoun))}`;
}

/** A channel of an agent's in which they are offered nothing, though ready otherwise. */
export interface ChannelNotice {
  readonly channel: Channel;
  readonly why: 'not-ready' | 'device' | 'no-seat';
  readonly text: string;
}

/** The channels in which an agent is offered nothing, each with why: a sentence without its full stop. */
export function channelNotices(
  configuration: Configuration,
  { readiness, faults, without }: Pick<AgentStatus, 'readiness' | 'faults' | 'without'>,
): ChannelNotice[] {
  return CHANNELS.flatMap((channel): ChannelNotice[] => {
    const noun = channelNoun(channel);
    if (without?.includes(channel)) {
      return [{ channel, why: 'no-seat', text: `Logged in without ${noun}: no seat is left` }];
    }
    const notices: ChannelNotice[] = [];
    const fault = faults?.[channel];
    if (fault !== undefined) {
      const text = `No ${noun}: ${inSentence(RESERVED[fault] ?? fault)}`;
      notices.push({ channel, why: 'device', text });
    }
    const reason = readiness.state === 'ready' ? readiness.except?.[channel] : undefined;
    if (reason !== undefined) {
      const text = `Not ready for ${noun}: ${inSentence(reasonName(configuration, reason))}`;
      notices.push({ channel, why: 'not-ready', text });
    }
    return notices;
  });
}

const inSentence = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The same readiness, but for one channel: ready for it, or not with a reason. */
export function withChannel(readiness: Readiness, channel: Channel, reason?: CodeId): Readiness {
  const { [channel]: _, ...others } = (readiness.state === 'ready' && readiness.except) || {};
  const except = reason === undefined ? others : { ...others, [channel]: reason };
  return Object.keys(except).length === 0 ? { state: 'ready' } : { state: 'ready', except };
}

/** The colour of an agent's state; `contacts` is how many they have now. */
export function toneOf(status: AgentStatus, contacts = 0): Tone {
  if (!status.present) return 'away';
  if (contacts > 0 || status.wrapUps.length > 0) return 'busy';
  return status.readiness.state === 'ready' ? 'ready' : 'not-ready';
}
