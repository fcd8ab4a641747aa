import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { expect } from 'vitest';

/** What is seen follows what is done within a frame on an idle machine. */
export const soon = <Value>(look: () => Promise<Value>) => expect.poll(look, { timeout: 10_000 });

/** A part of the stage as it is seen: fractions of its width and height. */
export async function seen(page: Page, stage: Locator, left: number, top: number, width = 0.2, height = 0.2) {
  const box = await stage.boundingBox();
  if (!box) throw new Error('expected a stage');
  const place = {
    left: Math.round(left * box.width),
    top: Math.round(top * box.height),
    width: Math.round(width * box.width),
    height: Math.round(height * box.height),
  };
  const clip = { x: box.x + place.left, y: box.y + place.top, width: place.width, height: place.height };
  return { place, box, pixels: await page.screenshot({ clip }) };
}
const rgb = (picture: Buffer) => sharp(picture).removeAlpha().toColourspace('srgb').raw().toBuffer();
/** How far red is from blue on average: 0 for grey. */
async function colourOf(picture: Buffer): Promise<number> {
  const data = await rgb(picture);
  let sum = 0;
  for (let at = 0; at < data.length; at += 3) sum += Math.abs((data[at] ?? 0) - (data[at + 2] ?? 0));
  return (3 * sum) / data.length;
}
/** How far two pictures of one size differ, in steps of 8 bits a channel. */
export async function difference(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([rgb(one), rgb(other)]);
  expect(a.length).toBe(b.length);
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}
/** What counts as grey: a JPEG has a little colour everywhere. */
const GREY = 1;

export const isGrey = (page: Page, stage: Locator, left: number, top = 0.3) =>
  soon(async () => colourOf((await seen(page, stage, left, top)).pixels)).toBeLessThan(GREY);
export const isColoured = (page: Page, stage: Locator, left: number, top = 0.3) =>
  soon(async () => colourOf((await seen(page, stage, left, top)).pixels)).toBeGreaterThan(4 * GREY);
