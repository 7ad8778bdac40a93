/** A language's name in the reader's own language; the tag itself where it is none. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag; // what is typed is no language yet
  }
}
