// Where tests keep what they throw away: in memory, where Linux offers enough of it. A clone of the database is some fifteen hundred files, made
// and deleted for each test file; on a disk that is a third of the time of a small one.
'use strict';
const { accessSync, constants, statfsSync } = require('node:fs');
const { tmpdir } = require('node:os');

const IN_MEMORY = '/dev/shm';
/** All templates, clones and write-ahead logs of a run stay below 2 GB. */
const ENOUGH_BYTES = 6 * 1024 ** 3;

function roomy(folder) {
  try {
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize >= ENOUGH_BYTES;
  } catch {
    return false; // no such folder here: not Linux, or a container without it
  }
}

/** @returns the folder that `os.tmpdir()` shall name for the whole run */
module.exports = () => (roomy(IN_MEMORY) ? IN_MEMORY : tmpdir());
