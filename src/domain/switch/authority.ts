/** Who gives calls to agents. Each switch states it, and an agent works at one switch. */
import { z } from 'zod';
import { SwitchId } from '../ids.ts';

/**
 * `ours`: calls queue here, as work items of channel voice. `switch-acd`: the switch picks the agent; what
 * happens is only observed, and text is offered under an interlock. `adjunct`: the switch asks which agent,
 * and without an answer in time goes its own next step.
 */
export const AuthorityMode = z.enum(['ours', 'switch-acd', 'adjunct']);
export type AuthorityMode = z.infer<typeof AuthorityMode>;

/** At which switch an agent takes calls, and who gives them out there. */
export const AgentSwitch = z.object({
  id: SwitchId.default(SwitchId.parse('main')),
  mode: AuthorityMode.default('ours'),
  /**
   * With `switch-acd`: what an agent is offered while nobody knows what they do at the switch. `nothing`: a call
   * may be on. `text`: an agent may get a text contact beside a call, and text goes on while the link is down.
   */
  whileUnknown: z.enum(['nothing', 'text']).default('nothing'),
});
export type AgentSwitch = z.infer<typeof AgentSwitch>;
