import type { Crop } from '@hili/contract';
import OpenSeadragon, { type TileSource, type Viewer } from 'openseadragon';

/** The largest scale, in pixels of the screen for one of the picture. */
const MOST = 8;
/** The scale from which on single pixels are shown: where each is 3 CSS pixels wide, or at the largest. */
const singlePixels = () => Math.min(MOST, 3 * devicePixelRatio);
/** Seconds in which a view glides to where it was sent. */
const GLIDE = 0.35;
/** Share of the view that a part fills which is looked at. */
const FILLS = 0.5;
/** Tiles that a view keeps: 1 MB each; a screen of 3840 x 2160 shows 54. */
const KEPT_TILES = 100;

/** Before and after, each in a view of its own; both always show the same part at the same scale. */
export interface TwinViews {
  zoomBy(factor: number): void;
  /** Shows the whole picture; a small one not larger than at 100 %. */
  fit(): void;
  /** Shows one pixel of the result on one of the screen. */
  actual(): void;
  /** Moves the window over the picture, in CSS pixels. */
  panBy(dx: number, dy: number): void;
  close(): void;
}

interface Pane {
  readonly element: HTMLElement;
  readonly source: TileSource | Promise<TileSource>;
}

/** OpenSeadragon adds a style element, which the page's policy forbids, unless it finds one with this name: not HTML, so without effect. */
function forgoStyles() {
  if (document.querySelector('style[data-openseadragon-mobile-css]')) return;
  const mark = document.createElementNS(null, 'style');
  mark.setAttribute('data-openseadragon-mobile-css', '');
  document.head.append(mark);
}

function openView(element: HTMLElement, still: boolean): Viewer {
  const gestures = { clickToZoom: false, dblClickToZoom: false, pinchToZoom: true, flickEnabled: !still };
  return OpenSeadragon({
    element,
    // WebGL would show photos with a wide colour space in wrong colours.
    drawer: 'canvas',
    showNavigationControl: false,
    keyboardNavEnabled: false,
    tabIndex: -1,
    animationTime: still ? 0 : GLIDE,
    // A little above 1, so that a side that is smaller than the view is centred.
    visibilityRatio: 1.0001,
    constrainDuringPan: true,
    preserveImageSizeOnResize: true,
    maxImageCacheCount: KEPT_TILES,
    // Never joins tiles at 100 % to enlarge them together: that smooths single pixels, and they overlap as it is.
    smoothTileEdgesMinZoom: Number.POSITIVE_INFINITY,
    tileRetryMax: 2,
    gestureSettingsMouse: gestures,
    gestureSettingsTouch: gestures,
    gestureSettingsPen: gestures,
    gestureSettingsUnknown: { ...gestures, scrollToZoom: true },
  });
}

/** Pixels of the screen for one of the picture. */
const shareOf = ({ viewport }: Viewer) => viewport.viewportToImageZoom(viewport.getZoom()) * devicePixelRatio;

/** Scales of the view, in its own unit: the whole picture, and one pixel on one of the screen. */
function scalesOf({ viewport }: Viewer): { readonly whole: number; readonly actual: number } {
  const actual = viewport.imageToViewportZoom(1 / devicePixelRatio);
  return { whole: Math.min(viewport.getHomeZoom(), actual), actual };
}

/** Keeps the zoom between the whole picture and single pixels, which depends on the view's size. */
function limit(viewer: Viewer) {
  const { whole, actual } = scalesOf(viewer);
  Object.assign(viewer.viewport, { minZoomLevel: whole, maxZoomLevel: actual * MOST });
}

/**
 * Opens two views that move as one: by mouse, wheel, pen and touch as OpenSeadragon does; a double click goes to 100 % and back.
 * @param after,before before is null where it cannot be shown.
 * @param onShare called with each new scale, 1 is 100 %.
 * @param onFail called when a picture, or a part of one, cannot be loaded.
 * @param part what is shown first; the whole picture unless given.
 */
export function openTwinViews(
  after: Pane,
  before: Pane | null,
  onShare: (share: number) => void,
  onFail: () => void,
  part?: Crop,
): TwinViews {
  forgoStyles();
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const main = openView(after.element, still);
  // The main one is opened, and so draws, first: the other follows in the same frame.
  const views = before ? [main, openView(before.element, still)] : [main];
  /** The one under the pointer, which the other follows. */
  let lead = main;
  let whole = true;
  let pressed = false;
  let closed = false;
  /** Views in a pane of another size than at their last change, and whether the whole picture was shown in it. */
  const resized = new Map<Viewer, boolean>();

  function follow() {
    for (const { viewport } of views.filter((view) => view !== lead && view.isOpen()))
      viewport.zoomTo(lead.viewport.getZoom(true), undefined, true).panTo(lead.viewport.getCenter(true), true);
  }
  function takeLead(view: Viewer) {
    if (view === lead || !view.isOpen() || !lead.isOpen()) return;
    const { viewport } = lead;
    viewport.zoomTo(viewport.getZoom(true), undefined, true).panTo(viewport.getCenter(true), true);
    lead = view;
  }
  function zoomTo(zoom: number, point?: OpenSeadragon.Point) {
    lead.viewport.zoomTo(zoom, point).applyConstraints();
  }
  function fit(immediately = false) {
    const centre = lead.world.getHomeBounds().getCenter();
    lead.viewport.zoomTo(scalesOf(lead).whole, undefined, immediately).panTo(centre, immediately);
  }
  /** Shows a part so that it fills half of the view one way or the other, but no larger than where single pixels are seen. */
  function show({ left, top, width, height }: Crop) {
    const { viewport } = lead;
    const picture = lead.world.getHomeBounds();
    const fills = Math.min(1 / (width * picture.width), 1 / (height * picture.height * viewport.getAspectRatio()));
    const { whole, actual } = scalesOf(lead);
    viewport.zoomTo(Math.max(whole, Math.min(FILLS * fills, 0.99 * singlePixels() * actual)), undefined, true);
    const middle = new OpenSeadragon.Point((left + width / 2) * picture.width, (top + height / 2) * picture.height);
    viewport.panTo(middle, true).applyConstraints(true);
  }
  /** Lays the picture's pixels on the screen's, without which 100 % would be soft by half a pixel. */
  function settle() {
    if (pressed || shareOf(lead) < 0.999) return;
    const { viewport } = lead;
    const corner = viewport.pixelFromPoint(new OpenSeadragon.Point(0, 0), true).times(devicePixelRatio);
    const rest = new OpenSeadragon.Point(corner.x - Math.round(corner.x), corner.y - Math.round(corner.y));
    if (Math.hypot(rest.x, rest.y) > 0.01)
      viewport.panBy(viewport.deltaPointsFromPixels(rest.divide(devicePixelRatio), true), true);
  }
  function zoomed() {
    const share = shareOf(lead);
    whole = lead.viewport.getZoom() <= scalesOf(lead).whole * 1.001;
    for (const { drawer } of views) drawer.setImageSmoothingEnabled(share < singlePixels());
    onShare(share);
  }

  function refit(view: Viewer) {
    const wasWhole = resized.get(view);
    if (!resized.delete(view)) return;
    limit(view);
    if (view !== lead) return follow();
    if (wasWhole) fit(true);
    lead.viewport.applyConstraints(true);
  }

  for (const view of views) {
    view.addHandler('open', () => {
      limit(view);
      if (view === lead && part) show(part);
      else if (view === lead) fit(true);
      else if (lead.isOpen()) follow();
    });
    // A resized view sets its own zoom after its events of that: what it shall show is said at the change that follows.
    view.addHandler('resize', () => resized.set(view, whole));
    view.addHandler('viewport-change', () => {
      refit(view);
      if (view === lead) follow();
    });
    for (const name of ['open-failed', 'tile-load-failed'] as const) view.addHandler(name, () => !closed && onFail());
    view.addHandler('animation-finish', () => view === lead && settle());
    view.addHandler('zoom', () => view === lead && zoomed());
    view.addHandler('canvas-press', () => {
      pressed = true;
    });
    view.addHandler('canvas-release', () => {
      pressed = false;
      settle();
    });
    for (const name of ['canvas-enter', 'canvas-press', 'canvas-scroll'] as const)
      view.addHandler(name, () => takeLead(view));
    view.addHandler('canvas-double-click', ({ position }) => {
      if (whole) zoomTo(scalesOf(view).actual, view.viewport.pointFromPixel(position));
      else fit();
    });
  }
  async function open(view: Viewer | undefined, pane: Pane | null) {
    const tileSource = await pane?.source;
    if (tileSource && !closed) view?.open({ tileSource });
  }
  for (const [index, pane] of [after, before].entries()) open(views[index], pane).catch(() => !closed && onFail());

  const whenOpen =
    <Values extends readonly number[]>(act: (...values: Values) => void) =>
    (...values: Values) =>
      lead.isOpen() && act(...values);
  return {
    zoomBy: whenOpen((factor: number) => zoomTo(lead.viewport.getZoom() * factor)),
    fit: whenOpen(() => fit()),
    actual: whenOpen(() => zoomTo(scalesOf(lead).actual)),
    panBy: whenOpen((dx: number, dy: number) =>
      lead.viewport.panBy(lead.viewport.deltaPointsFromPixels(new OpenSeadragon.Point(dx, dy))).applyConstraints(),
    ),
    close() {
      closed = true;
      for (const view of views) view.destroy();
    },
  };
}
