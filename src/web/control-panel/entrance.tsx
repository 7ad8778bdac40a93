import { useState } from 'react';
import { SignedIn } from '#ui/live/signed-in.tsx';
import { ControlPanel } from './control-panel.tsx';
import { Wizard } from './set-up/wizard.tsx';

/** The set-up link carries its token behind `#set-up=`, which never reaches a log. */
const LINK = /^#set-up=(.+)$/;

/** The wizard for those who come by a set-up link, the control panel for administrators. */
export function Entrance() {
  const [token, setToken] = useState(() => LINK.exec(location.hash)?.[1]);
  if (token) {
    return (
      <Wizard
        token={decodeURIComponent(token)}
        onDone={() => {
          history.replaceState(null, '', location.pathname);
          setToken(undefined);
        }}
      />
    );
  }
  return (
    <SignedIn role="administrator" topics={['work', 'configuration']}>
      <ControlPanel />
    </SignedIn>
  );
}
