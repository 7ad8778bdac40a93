import { findUnstorable } from '#base/storable.ts';
import type { Clock } from '#base/time.ts';
import type { DocumentKind } from '#domain/configuration/documents.ts';
import type { Scope } from './contract.ts';
import type { Documents } from './documents.ts';
import { settingsByScope } from './rules/effective-settings.ts';
import { type Changes, type Invalid, type Shelves, keyOf } from './rules/plan.ts';
import { planTogether } from './rules/plan-together.ts';
import { type SettingsChange, settingsChanges } from './rules/settings-changes.ts';
import { encodeText, parseText, type Settings } from './rules/text.ts';
import { invalid, soundOf } from './sound.ts';
import type { Storage, Writes } from './storage.ts';

/** What an import changes, or would change. */
export interface Imported {
  readonly changes: { kind: DocumentKind; id: string; change: 'new' | 'changed' | 'retired' }[];
  /** The scopes whose settings change. */
  readonly settings: Scope[];
}

/** The whole configuration as a text that people read and compare, and back. */
export class TextExchange {
  readonly #documents: Documents;
  readonly #storage: Storage;
  readonly #clock: Clock;

  constructor(documents: Documents, storage: Storage, clock: Clock) {
    this.#documents = documents;
    this.#storage = storage;
    this.#clock = clock;
  }

  async export(): Promise<string> {
    return encodeText({
      documents: this.#documents.list(undefined, false),
      settings: settingsByScope(await this.#storage.settings()),
    });
  }

  /** @throws {Refusal} `invalid`, with all that is wrong; nothing was changed then. */
  async import(text: string, dryRun: boolean, by: string): Promise<Imported> {
    const { documents, settings } = soundOf(parseText(text));
    const path = findUnstorable(settings);
    if (path !== undefined) {
      throw invalid([
        { path: `settings.${path}`, problem: 'it holds a character that no text has' },
      ]);
    }
    let changes: Imported['changes'] = [];
    let scopes: SettingsChange[] = [];
    const decide = (shelves: Shelves): Changes | Invalid => {
      const plan = planTogether(shelves, { documents, retireOthers: true });
      if (plan.type === 'changes') changes = plan.drafts.map((draft) => changeOf(shelves, draft));
      return plan;
    };
    if (dryRun) {
      soundOf(decide(this.#documents.shelves));
      scopes = changesTo(settings, await this.#storage.settings());
    } else {
      const plan = await this.#documents.change(by, decide, async (writes) => {
        scopes = changesTo(settings, await writes.settings());
        await this.#set(writes, scopes, by);
      });
      soundOf(plan);
    }
    return { changes, settings: scopes.map(({ scope }) => scope) };
  }

  async #set(writes: Writes, changes: readonly SettingsChange[], by: string): Promise<void> {
    for (const change of changes) await writes.putSettings(change, this.#clock.now(), by);
  }
}

const changesTo = (
  wanted: Settings | undefined,
  stored: Awaited<ReturnType<Storage['settings']>>,
): SettingsChange[] => (wanted ? settingsChanges(settingsByScope(stored), wanted) : []);

function changeOf(
  shelves: Shelves,
  { kind, id, retired }: { kind: DocumentKind; id: string; retired: boolean },
): Imported['changes'][number] {
  if (retired) return { kind, id, change: 'retired' };
  const before = shelves.documents.get(keyOf(kind, id));
  return { kind, id, change: before && !before.retired ? 'changed' : 'new' };
}
