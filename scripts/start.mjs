// Runs the built product in this process, so that signals, exit code and pid are its own.
// A start by hand shows the demo province; DEMO=0 starts empty.
process.env.DEMO ||= '1';
process.setSourceMapsEnabled(true);
await import('../dist/main.js');
