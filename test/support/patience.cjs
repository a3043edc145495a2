// Booting the whole product or a browser on a busy machine takes longer than jest's five seconds.
'use strict';
jest.setTimeout(300_000);
