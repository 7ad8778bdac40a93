/** Texts that an agent inserts into an e-mail: templates in their tree, and canned texts. */
import type { Configuration } from '#domain/configuration/configuration.ts';
import type { MailTemplateId, QueueId } from '#domain/ids.ts';

export interface Insertable {
  readonly id: string;
  readonly name: string;
  /** Typed after a slash. */
  readonly key: string;
  /** Its place in the tree: `Returns/Broken`. */
  readonly path: string;
  readonly what:
    | { readonly type: 'template'; readonly template: MailTemplateId }
    | { readonly type: 'text'; readonly text: string };
}

/** What may be inserted in a queue's e-mails: by place in the tree, then by name. */
export function insertablesFor(
  configuration: Configuration,
  queue: QueueId | undefined,
): Insertable[] {
  const isMeant = (queues: readonly QueueId[]) =>
    queues.length === 0 || (queue !== undefined && queues.includes(queue));
  const templates = [...configuration.all('mail-template')]
    .filter(([, { queues }]) => isMeant(queues))
    .map(([id, { name, key, path }]): Insertable => ({
      id: `template:${id}`,
      name,
      key,
      path,
      what: { type: 'template', template: id },
    }));
  const texts = [...configuration.all('canned-text')]
    .filter(([, { queues }]) => isMeant(queues))
    .map(([id, { name, key, text }]): Insertable => ({
      id: `text:${id}`,
      name,
      key,
      path: '',
      what: { type: 'text', text },
    }));
  return [...templates, ...texts].toSorted(
    (one, other) => one.path.localeCompare(other.path) || one.name.localeCompare(other.name),
  );
}
