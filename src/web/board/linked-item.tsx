import { Modal } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { WorkItemId } from '#domain/ids.ts';
import { ItemStory } from './item-story.tsx';

const readItem = (): string => /^#\/?item\/(.+)$/.exec(location.hash)?.[1] ?? '';
const watchHash = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

/** The story of the work item that a link names: `/board/#item/ID`. */
export function LinkedItem() {
  const item = WorkItemId.safeParse(useSyncExternalStore(watchHash, readItem));
  return (
    <Modal
      opened={item.success}
      onClose={() => (location.hash = '')}
      title="What happened"
      closeButtonProps={{ 'aria-label': 'Close' }}
      size="lg"
    >
      {item.data ? <ItemStory item={item.data} /> : null}
    </Modal>
  );
}
