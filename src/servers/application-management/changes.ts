import { Latest } from '#base/latest.ts';
import type { Application } from './contract.ts';

/** Tells each follower of applications as they change: of each the newest only, so that a slow one costs no more. */
export class Changes {
  readonly #followers = new Set<{
    readonly waiting: Map<string, Application>;
    readonly news: Latest<undefined>;
  }>();

  tell(application: Application): void {
    for (const { waiting, news } of this.#followers) {
      waiting.delete(application.instance); // so that it goes out behind those that changed before
      waiting.set(application.instance, application);
      news.set(undefined);
    }
  }

  /**
   * First `known`, then every change, until the signal.
   *
   * @yields Applications as they are.
   */
  async *follow(
    known: readonly Application[],
    signal: AbortSignal,
  ): AsyncGenerator<Application, void> {
    const follower = {
      waiting: new Map(known.map((application) => [application.instance, application])),
      news: new Latest(undefined),
    };
    this.#followers.add(follower);
    try {
      for await (const _ of follower.news.follow(signal)) {
        for (const [instance, application] of follower.waiting) {
          follower.waiting.delete(instance);
          yield application;
        }
      }
    } finally {
      this.#followers.delete(follower);
    }
  }
}
