/** 32 random hex digits, by which the server knows again what is sent twice; `randomUUID` is not there at plain http. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
