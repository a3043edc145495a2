'use strict';
const { rmSync } = require('node:fs');

module.exports = async () => {
  const { server, dataDir } = globalThis.starcareTestServer;
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
};
