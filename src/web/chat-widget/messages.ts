/** What loader and frame say to each other by `postMessage`. */

/** From the frame: ask the page to hide it, to show how many messages are unread, to remember a conversation. */
export type FromFrame =
  | { readonly emcee: 'minimise' }
  | { readonly emcee: 'unread'; readonly count: number }
  | { readonly emcee: 'conversation'; readonly isOpen: boolean };

/** From the page: the frame has been shown or hidden. */
export type ToFrame = { readonly emcee: 'shown' } | { readonly emcee: 'hidden' };
