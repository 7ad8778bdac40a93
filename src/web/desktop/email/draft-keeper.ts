/** Keeps at the server what an agent types, as long as it takes. */
import type { Draft, DraftBody } from '#domain/email/email.ts';

/** What was typed is kept after so long without another key. */
const SAVE_AFTER = 800;
const RETRY_FIRST = 2_000;
const RETRY_AT_MOST = 60_000;
/** Bodies remembered whose saving may have succeeded without our hearing of it. */
const TRIED_KEPT = 8;

/** `unsaved`: typed and not kept yet. `lost`: it could not be kept, and is tried again. `older`: another window kept something else. */
export type KeepingState = 'saved' | 'unsaved' | 'lost' | 'older';

export interface DraftKeeperParts {
  /** Keeps `body` in place of `revision`. */
  readonly save: (body: DraftBody, revision: number) => Promise<Draft>;
  /** What another window has kept meanwhile, where `failure` says so. */
  readonly newerOf: (failure: unknown) => Draft | undefined;
  /** Runs `deed` later. @returns What calls it off. */
  readonly schedule: (deed: () => void, after: number) => () => void;
  /** Something of it has changed. */
  readonly onChange: () => void;
}

/** How long to wait after so many failures in a row. */
export const retryAfter = (failures: number): number =>
  Math.min(RETRY_AT_MOST, RETRY_FIRST * 2 ** Math.max(0, failures - 1));

/** The text of one draft between the editor and the server; one saving at a time, tried until it succeeds. */
export class DraftKeeper {
  readonly #parts: DraftKeeperParts;
  #wanted: DraftBody;
  #kept: DraftBody;
  #revision: number;
  #state: KeepingState = 'saved';
  #newer: Draft | undefined;
  #saving: Promise<void> | undefined;
  #failures = 0;
  /** Since the last success, and the one before them: an answer that was lost is no other window. */
  #tried: string[];
  #callOff: () => void = () => undefined;

  constructor(draft: Draft, parts: DraftKeeperParts) {
    this.#parts = parts;
    this.#wanted = this.#kept = bodyOf(draft);
    this.#revision = draft.revision;
    this.#tried = [JSON.stringify(this.#kept)];
  }

  get body(): DraftBody {
    return this.#wanted;
  }

  get state(): KeepingState {
    return this.#state;
  }

  /** What another window has kept, while that is to be decided. */
  get newer(): Draft | undefined {
    return this.#newer;
  }

  change(part: Partial<DraftBody>): void {
    this.#wanted = { ...this.#wanted, ...part };
    if (this.#state === 'saved' || this.#state === 'unsaved') this.#saveSoon();
    this.#parts.onChange();
  }

  /** Keeps what was typed. @throws Whatever kept it from being kept. */
  async save(): Promise<void> {
    while (this.#saving) await this.#saving.catch(() => undefined);
    if (this.#kept === this.#wanted && !this.#newer) return;
    this.#callOff();
    this.#saving = this.#save().finally(() => (this.#saving = undefined));
    await this.#saving;
  }

  /** There is a connection again: what could not be kept is tried at once. */
  online(): void {
    if (this.#state === 'lost') this.#saveQuietly();
  }

  /** What the other window kept takes the place of what was typed here. */
  takeTheirs(): void {
    if (!this.#newer) return;
    this.#wanted = bodyOf(this.#newer);
    this.#settle(this.#newer, this.#wanted);
    this.#parts.onChange();
  }

  /** What was typed here takes the place of what the other window kept. */
  keepMine(): void {
    if (!this.#newer) return;
    this.#revision = this.#newer.revision;
    this.#newer = undefined;
    this.#state = 'unsaved';
    this.#saveQuietly();
    this.#parts.onChange();
  }

  /** Nobody types any more: what is not kept is tried once more. */
  leave(): void {
    this.#callOff();
    if (this.#state === 'unsaved' || this.#state === 'lost') this.#saveQuietly();
  }

  async #save(): Promise<void> {
    const typed = this.#wanted;
    this.#tried = [...this.#tried, JSON.stringify(typed)].slice(-TRIED_KEPT);
    try {
      this.#settle(await this.#parts.save(typed, this.#revision), typed);
    } catch (failure) {
      const newer = this.#parts.newerOf(failure);
      if (!newer) this.#retryLater();
      else if (this.#isOurs(newer)) return await this.#goOnFrom(newer);
      else {
        this.#newer = newer;
        this.#state = 'older';
      }
      throw failure;
    } finally {
      this.#parts.onChange();
    }
  }

  /** An earlier saving succeeded, and only its answer was lost. */
  async #goOnFrom(newer: Draft): Promise<void> {
    const typed = this.#wanted;
    this.#revision = newer.revision;
    if (JSON.stringify(bodyOf(newer)) === JSON.stringify(typed)) this.#settle(newer, typed);
    else await this.#save();
  }

  #isOurs(newer: Draft): boolean {
    return newer.revision > this.#revision && this.#tried.includes(JSON.stringify(bodyOf(newer)));
  }

  #settle({ revision }: Draft, kept: DraftBody): void {
    this.#callOff();
    this.#revision = revision;
    this.#kept = kept;
    this.#newer = undefined;
    this.#failures = 0;
    this.#tried = [JSON.stringify(kept)];
    this.#state = 'saved';
    if (this.#wanted !== kept) this.#saveSoon();
  }

  #saveSoon(): void {
    this.#state = 'unsaved';
    this.#later(SAVE_AFTER);
  }

  #retryLater(): void {
    this.#failures += 1;
    this.#state = 'lost';
    this.#later(retryAfter(this.#failures));
  }

  #later(after: number): void {
    this.#callOff();
    this.#callOff = this.#parts.schedule(() => this.#saveQuietly(), after);
  }

  /** Its state tells how it went. */
  #saveQuietly(): void {
    void this.save().catch(() => undefined);
  }
}

const bodyOf = ({ mailbox, to, cc, bcc, subject, format, content }: Draft): DraftBody => ({
  mailbox,
  to,
  cc,
  bcc,
  subject,
  format,
  content,
});
