import type { Instant } from '#base/time.ts';
import type { AgentId } from '#domain/ids.ts';
import type { OpenWorkItem } from '#domain/work-item/open-work-item.ts';

/** When an invitation runs out. */
interface InvitationDue {
  readonly at: Instant;
  readonly agent: AgentId;
  readonly invitation: number;
}

/** The invitations of an item that nobody has answered yet. */
export const openInvitations = ({ participants = [] }: OpenWorkItem): InvitationDue[] =>
  participants.flatMap(({ agent, invitation, deadline, segment }) =>
    segment === undefined && invitation !== undefined && deadline !== undefined
      ? [{ agent, invitation, at: deadline }]
      : [],
  );
