/** The schema of this room. */
export const SCHEMA = 'email';
/** The stream of its journal, and its name on the lines to ids-multimedia. */
export const STREAM = 'email-media-store';
export const MIGRATIONS = new URL('../migrations/', import.meta.url);
