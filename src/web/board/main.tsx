import { mount } from '#ui/mount.tsx';
import { SignedIn } from '#ui/live/signed-in.tsx';
import { Board } from './board.tsx';
import { LinkedItem } from './linked-item.tsx';

mount(
  <SignedIn role="supervisor" topics={['work', 'messages', 'configuration', 'board']}>
    <Board />
    <LinkedItem />
  </SignedIn>,
);
