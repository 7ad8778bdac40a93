import { mount } from '#ui/mount.tsx';
import { SignedIn } from '#ui/live/signed-in.tsx';
import { Lab } from './lab.tsx';

mount(
  <SignedIn role="administrator" topics={['configuration']}>
    <Lab />
  </SignedIn>,
);
