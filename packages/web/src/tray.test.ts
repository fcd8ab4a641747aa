import { MAX_UPLOAD_BYTES } from '@hili/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { change, depart, findInTray, layBack, photosIn, split, take, takeOff, tray } from './tray.ts';

const photo = (name: string, type = 'image/jpeg', text = 'a picture') => new File([text], name, { type });
const names = (state?: Parameters<typeof photosIn>[0]) =>
  (state ? photosIn(state) : tray.get().photos).map(({ file }) => file.name);

/** A file that says it is so large, without the bytes. */
function ofSize(name: string, size: number): File {
  const file = photo(name);
  Object.defineProperty(file, 'size', { value: size });
  return file;
}

beforeEach(() => tray.set({ photos: [], refused: [], left: 0, isBack: false }));

describe('the tray', () => {
  it('keeps one photo for whom one is allowed, and counts those it left out', () => {
    take([photo('a.jpg'), photo('b.jpg'), photo('c.jpg')], false);
    expect(names()).toEqual(['a.jpg']);
    expect(tray.get().left).toBe(2);
    take([photo('d.jpg')], false);
    expect(names()).toEqual(['d.jpg']);
    expect(tray.get().left).toBe(0);
  });

  it('keeps all of them for whom several are allowed, and adds to them', () => {
    take([photo('a.jpg'), photo('b.jpg')], true);
    take([photo('c.jpg')], true);
    expect(names()).toEqual(['a.jpg', 'b.jpg', 'c.jpg']);
    expect(tray.get().left).toBe(0);
  });

  it.each([true, false])('never touches a photo that is on its way', (several) => {
    take([photo('a.jpg')], several);
    const { key } = tray.get().photos[0]!;
    depart(key, { recipe: 'sr' }, true);
    take([photo('b.jpg')], several);
    expect(names('sending')).toEqual(['a.jpg']);
    expect(names('chosen')).toEqual(['b.jpg']);
  });

  it('says of each file that it does not take why, and keeps what lay there', () => {
    take([photo('a.jpg')], false);
    take(
      [
        photo('letter.pdf', 'application/pdf'),
        photo('empty.jpg', 'image/jpeg', ''),
        photo('logo.svg', 'image/svg+xml'),
      ],
      false,
    );
    expect(tray.get().refused).toEqual([
      { name: 'letter.pdf', problem: 'UNSUPPORTED_TYPE' },
      { name: 'empty.jpg', problem: 'PHOTO_DAMAGED' },
      { name: 'logo.svg', problem: 'UNSUPPORTED_TYPE' },
    ]);
    expect(names()).toEqual(['a.jpg']);
  });

  it('takes files up to 50 MB, by their names where the browser knows no type', () => {
    take(
      [ofSize('most.jpg', MAX_UPLOAD_BYTES), ofSize('more.jpg', MAX_UPLOAD_BYTES + 1), photo('IMG_1.HEIC', '')],
      true,
    );
    expect(names()).toEqual(['most.jpg', 'IMG_1.HEIC']);
    expect(tray.get().refused).toEqual([{ name: 'more.jpg', problem: 'TOO_LARGE' }]);
  });

  it('names a photo so that sending it twice makes one, and anew once something else is wanted of it', () => {
    take([photo('a.jpg')], false);
    const { key, id } = tray.get().photos[0]!;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    depart(key, { recipe: 'sr' }, false);
    change(key, { state: 'failed', problem: 'OFFLINE' });
    depart(key, { recipe: 'sr' }, false);
    expect(findInTray(key)).toMatchObject({ id, state: 'sending', problem: undefined });
    depart(key, { recipe: 'bg', rgb: [255, 255, 255] }, false);
    expect(findInTray(key)?.id).toMatch(/^[0-9a-f]{32}$/);
    expect(findInTray(key)?.id).not.toBe(id);
  });

  it('lays the prints of a scan out as photos of their own', () => {
    take([photo('scan.tif', 'image/tiff'), photo('b.jpg')], true);
    const crops = [0, 0.5].map((left) => ({ crop: { left, top: 0, width: 0.5, height: 1 }, straighten: 1 }));
    split(tray.get().photos[0]!.key, crops);
    expect(tray.get().photos.map(({ name }) => name)).toEqual(['scan.tif (1)', 'scan.tif (2)', 'b.jpg']);
    expect(tray.get().photos.map(({ edit }) => edit)).toEqual([...crops, {}]);
    expect(new Set(tray.get().photos.map(({ id }) => id)).size).toBe(3);
  });

  it('lays out again what lay there, each picture in memory once, and says so until something is chosen or started', () => {
    const scan = photo('scan.jpg');
    const lying = {
      id: '1'.repeat(32),
      file: scan,
      name: 'scan.jpg (1)',
      edit: { rotate: 90 },
      wish: undefined,
    } as const;
    layBack([lying, { ...lying, id: '2'.repeat(32), name: 'scan.jpg (2)' }]);
    const [first, second] = tray.get().photos;
    expect(first).toMatchObject({ ...lying, state: 'chosen', url: second?.url });
    expect(tray.get().isBack).toBe(true);
    depart(first!.key, { recipe: 'sr' }, false);
    expect(tray.get().isBack).toBe(false);
    expect(findInTray(first!.key)?.id).toBe(lying.id);
  });

  it('gives the memory of a picture back when the last photo that shows it has gone', async () => {
    take([photo('scan.jpg')], true);
    const { key, url } = tray.get().photos[0]!;
    split(key, [{}, {}]);
    const [first, second] = tray.get().photos.map((one) => one.key) as [string, string];
    takeOff(first);
    expect(await (await fetch(url!)).text()).toBe('a picture');
    takeOff(second);
    await expect(fetch(url!)).rejects.toThrow();
  });
});
