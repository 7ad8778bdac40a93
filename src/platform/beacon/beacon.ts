/** Signed multicast notices: "changed, version N, fetch it over TLS". Never contact data, never needed. */
export interface Beacons {
  /** Sends a small notice to the group of a multicast row. Does nothing where the row is switched off. */
  send(row: string, body: Readonly<Record<string, string | number>>): void;
  /** Hears the notices of a row whose signature, time and sequence are sound. */
  hear(row: string, heard: (notice: Notice) => void): Promise<AsyncDisposable>;
}

export interface Notice {
  readonly component: string;
  readonly instance: string;
  readonly at: number;
  readonly sequence: number;
  readonly body: Readonly<Record<string, string | number>>;
}
