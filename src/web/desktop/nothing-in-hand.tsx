import { server } from '#ui/live/server.ts';
import { readinessName } from '#ui/live/readiness.ts';
import { useLive } from '#ui/live/use-live.ts';
import { Message } from '#ui/message.tsx';
import { attempt } from '#ui/tell.ts';
import { thisStation } from '#ui/live/station.ts';

/** Why the middle is empty, and what to do about it. */
export function NothingInHand() {
  const { me, live } = useLive();
  const status = me.agent ? live.centre.agents.get(me.agent) : undefined;
  if (!status) {
    return <Message title="You are logged out" text="Log in, above, to be offered work." />;
  }
  if (status.station !== thisStation()) {
    return (
      <Message
        title="You are logged in elsewhere"
        text="Another browser is your station. Take over, above, to work here."
      />
    );
  }
  const { readiness } = status;
  if (readiness.state === 'not-ready') {
    const reason =
      readiness.reason === 'vanished'
        ? 'Your browser was away'
        : readinessName(live.configuration, readiness);
    return (
      <Message
        title={`Not ready: ${reason}`}
        text="You are offered no work until you are ready."
        action={{
          name: 'Go ready',
          run: () => void attempt(server.setReadiness({ body: { state: 'ready' } })),
        }}
      />
    );
  }
  return (
    <Message
      title="Nothing in hand"
      text="New work appears on the left as soon as it is offered to you."
    />
  );
}
