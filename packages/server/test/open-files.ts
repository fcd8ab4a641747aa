import { readdirSync, readlinkSync } from 'node:fs';

/** Stored files that this process holds open (Linux). */
export const openObjects = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).includes('/objects/');
    } catch {
      return false; // closed between the listing and the look
    }
  }).length;
