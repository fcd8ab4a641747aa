/** Says what went wrong in one line and ends with exit code 1. */
export function fail(message) {
  console.error(`hili: ${message}.`);
  process.exit(1);
}
