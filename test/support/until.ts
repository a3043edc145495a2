const STEP_MS = 20;

/** Asks again until the answer is yes: for what another process or connection does. Fails with `what` after `limitMs`. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  for (let waited = 0; waited <= limitMs; waited += STEP_MS) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  throw new Error(`still not so after ${limitMs} ms: ${what}`);
}
