import type { DirectorEvent } from '../work-item/event.ts';
import type { AgentCommand } from './driver.ts';

/** What a switch is asked by an event of the director's journal; nothing by most. */
export function switchCommand(event: DirectorEvent): AgentCommand | undefined {
  switch (event.type) {
    case 'interlock-requested': {
      const { agent, switch: at, request, deadline } = event;
      return { type: 'interlock', switch: at, agent, request, deadline };
    }
    case 'restore-requested':
      return { type: 'restore', switch: event.switch, agent: event.agent, request: event.request };
    case 'switch-report-requested':
      return { type: 'report', switch: event.switch, agent: event.agent, request: event.request };
    default:
      return undefined;
  }
}
