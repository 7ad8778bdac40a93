import { mount } from '#ui/mount.tsx';
import { SignedIn } from '#ui/live/signed-in.tsx';
import { Desktop } from './desktop.tsx';

mount(
  <SignedIn role="agent" topics={['work', 'messages', 'configuration']}>
    <Desktop />
  </SignedIn>,
);
