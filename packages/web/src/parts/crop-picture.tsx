import { type Matrix, radians, type Size } from '../edit.ts';
import type { Frame } from '../frame.ts';

/** Pixels of the picture that the stage shows: its own shape, and as much of it as a straightened picture needs. */
export function viewOf({ width, height }: Size, straighten: number): Size {
  const [cos, sin] = [Math.cos(radians(straighten)), Math.abs(Math.sin(radians(straighten)))];
  const more = Math.max((width * cos + height * sin) / width, (width * sin + height * cos) / height);
  return { width: width * more, height: height * more };
}

interface CropPictureProps {
  readonly source: string;
  readonly size: Size;
  /** Turns the upright picture by quarters. */
  readonly matrix: Matrix;
  readonly turned: Size;
  readonly straighten: number;
  readonly frame: Frame;
  readonly fine: boolean;
}

/** The turned and straightened picture; darker around the frame, and with lines in it. */
export function CropPicture({ source, size, matrix, turned, straighten, frame, fine }: CropPictureProps) {
  const view = viewOf(turned, straighten);
  const { left, top, right, bottom } = frame;
  const box = `M${left} ${top}H${right}V${bottom}H${left}Z`;
  const count = fine ? 12 : 3;
  const lines = Array.from({ length: count - 1 }, (_, at) => (at + 1) / count).map((part) => {
    const [x, y] = [left + part * (right - left), top + part * (bottom - top)];
    return `M${x} ${top}V${bottom}M${left} ${y}H${right}`;
  });
  return (
    <svg
      aria-hidden="true"
      viewBox={`${-view.width / 2} ${-view.height / 2} ${view.width} ${view.height}`}
      className="absolute inset-0 size-full"
    >
      <g transform={`rotate(${straighten}) translate(${-turned.width / 2} ${-turned.height / 2})`}>
        <image href={source} width={size.width} height={size.height} transform={`matrix(${matrix})`} />
      </g>
      <path
        d={`M${-view.width} ${-view.height}h${2 * view.width}v${2 * view.height}h${-2 * view.width}Z${box}`}
        fillRule="evenodd"
        className="fill-[#14110e]/70"
      />
      <path d={lines.join('')} fill="none" className="stroke-white/45" vectorEffect="non-scaling-stroke" />
      <path d={box} fill="none" className="stroke-white stroke-2" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
