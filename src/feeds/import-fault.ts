/** Why a whole file is refused: nothing of it is kept. `reason` is a code of `feeds.failure.<reason>`, `params` are for its sentence. */
export class ImportFault extends Error {
  constructor(
    readonly reason: string,
    readonly params: Record<string, string | number> = {},
  ) {
    super(reason);
  }
}

/** Somebody stopped the import while it ran. */
export class ImportCancelled extends Error {}
